import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

import { CONFIG, type Config } from '../../platform/config/config.ts';
import { Clock } from '../../platform/clock.ts';
import { addHookRoute, type HookReply, type HookRequest } from '../../platform/http/hook-route.ts';
import type { Account } from './account.ts';
import { Accounts } from './accounts.service.ts';
import { ChannelEvents } from './channel-events.ts';
import { FetchTold } from './fetch-told.ts';

/** What follows may be a secret by which a provider that signs nothing is known. */
const PATHS = ['/hooks/:channel/:account', '/hooks/:channel/:account/*'];

const answerOf = (status: number, body: string): HookReply => ({ status, body });

/** Where providers tell what became of messages and what people answered. */
@Injectable()
export class Hooks implements OnModuleInit {
  private readonly log = new Logger('hooks');

  constructor(
    private readonly accounts: Accounts,
    private readonly events: ChannelEvents,
    private readonly fetching: FetchTold,
    private readonly clock: Clock,
    private readonly adapters: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const adapter = this.adapters.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    const server = adapter?.getInstance<FastifyInstance>();
    if (typeof server?.register !== 'function') return;
    for (const path of PATHS) {
      addHookRoute(server, path, ({ channel = '', account = '' }, request) =>
        this.answer(channel, account, request),
      );
    }
  }

  /** A fault is answered 500, upon which providers call again; what was applied is not applied twice. */
  async answer(channel: string, account: string, request: HookRequest): Promise<HookReply> {
    const found = await this.accounts.get(channel, account);
    if (found?.channel.callback === undefined) return answerOf(404, 'There is no such account.\n');
    try {
      return await this.take(found, request);
    } catch (fault) {
      this.log.error(fault, `a call about ${channel} ${account}`);
      return answerOf(500, 'Something went wrong on our side.\n');
    }
  }

  private async take(account: Account, request: HookRequest): Promise<HookReply> {
    const { channel, settings } = account;
    const { target, ...rest } = request;
    const call = { ...rest, url: `${this.config.PUBLIC_URL}${target}` };
    const outcome = channel.callback!(settings, call, this.clock.now());
    if (outcome.ok) {
      if (outcome.events.length > 0) await this.events.apply(account, outcome.events);
      await this.fetching.run(account, call);
      return outcome.reply;
    }
    const { status, reason } = outcome;
    this.log.warn(`refused a call about ${channel.descriptor.name} ${account.account}: ${reason}`);
    return answerOf(status, 'Refused.\n');
  }
}
