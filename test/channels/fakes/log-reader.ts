import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ContractFake, LogicalMessage } from './contract-fake.ts';

const HEAD = /^── (\S+) {2}to (.*?) {2}(\S+)$/;

/** Somebody who reads the file of messages. Cannot misbehave. */
export class LogReader implements ContractFake {
  readonly faults = {};
  readonly canRefuse = false;
  readonly canAnswer = false;
  readonly echoes = true;
  readonly secrets: readonly string[] = [];
  private directory = '';

  get url(): string {
    return join(this.directory, 'inside', 'messages.log');
  }

  get text(): string {
    return existsSync(this.url) ? readFileSync(this.url, 'utf8') : '';
  }

  get messages(): readonly LogicalMessage[] {
    const blocks = this.text.split(/\n\n(?=── |$)/u).filter((block) => block !== '');
    return blocks.map((block) => {
      const [head = '', ...lines] = block.split('\n');
      const [, , recipient = '', echo = ''] = HEAD.exec(head) ?? [];
      return { recipient, text: lines.join('\n'), echo, ref: null };
    });
  }

  get attempts(): number {
    return this.messages.length;
  }

  get requestCount(): number {
    return this.messages.length;
  }

  start(): Promise<void> {
    this.directory = mkdtempSync(join(tmpdir(), 'welt-log-'));
    return Promise.resolve();
  }

  stop(): Promise<void> {
    rmSync(this.directory, { recursive: true });
    return Promise.resolve();
  }

  reset(): void {
    rmSync(join(this.directory, 'inside'), { recursive: true, force: true });
  }

  failNext(): void {
    throw new Error('a file does not fail on demand');
  }

  stalled(): Promise<void> {
    return Promise.reject(new Error('a file does not hang on demand'));
  }

  refuse(): Promise<void> {
    return Promise.reject(new Error('a file does not refuse on demand'));
  }

  accept(): Promise<void> {
    return Promise.resolve();
  }
}
