import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

import { addTextRoute, type TextRequest } from '../../platform/http/text-route.ts';
import { Calendars } from './calendars.service.ts';

const CONTENT_TYPE = 'text/calendar; charset=utf-8';
const ENDING = /\.ics$/;
/** Longer than any locale that means something. */
const MOST_LOCALE = 35;

/** Where calendar programs fetch feeds. A wrong key is answered like a calendar that is not there. */
@Injectable()
export class CalendarRoutes implements OnModuleInit {
  constructor(
    private readonly calendars: Calendars,
    private readonly adapters: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const adapter = this.adapters.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    const server = adapter?.getInstance<FastifyInstance>();
    if (typeof server?.get !== 'function') return;
    addTextRoute(server, '/calendars/stores/:file', CONTENT_TYPE, (request) =>
      this.ofStore(request),
    );
    addTextRoute(server, '/calendars/customers/:file', CONTENT_TYPE, (request) =>
      this.ofCustomer(request),
    );
  }

  private async ofStore({ file, query }: TextRequest): Promise<string | null> {
    const { key = '', locale } = query;
    if (!ENDING.test(file)) return null;
    const asked = locale === undefined || locale.length > MOST_LOCALE ? null : locale;
    return this.calendars.ofStore(file.replace(ENDING, ''), key, asked);
  }

  private async ofCustomer({ file, query: { key = '' } }: TextRequest): Promise<string | null> {
    return ENDING.test(file) ? this.calendars.ofCustomer(file.replace(ENDING, ''), key) : null;
  }
}
