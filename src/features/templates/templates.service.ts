import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { TemplateStore } from './template-store.ts';
import { InvalidTemplates, Words } from './words.ts';

/** A change by another process is seen this much later at most. */
const TRUSTED_MS = 2_000;

interface Reading {
  readonly atMs: number;
  /** What the words were made of. */
  readonly stored: string;
  readonly words: Words;
}

/** The words of messages as they are now. */
@Injectable()
export class Templates implements OnModuleInit {
  private readonly log = new Logger(Templates.name);
  private last: Reading | undefined;
  /** Grows with every change made here; a reading that began before one is not kept. */
  private changes = 0;

  constructor(private readonly store: TemplateStore) {}

  /** @throws InvalidTemplates if a text, the service's own or a changed one, misses or invents a variable */
  async onModuleInit(): Promise<void> {
    const templates = await this.store.all();
    const words = Words.of(templates);
    this.last = { atMs: performance.now(), stored: JSON.stringify(templates), words };
  }

  /** To be asked anew for each batch of messages. */
  async words(): Promise<Words> {
    const { last, changes } = this;
    const atMs = performance.now();
    if (last !== undefined && atMs - last.atMs < TRUSTED_MS) return last.words;
    const templates = await this.store.all();
    const stored = JSON.stringify(templates);
    const words = last?.stored === stored ? last.words : this.read(templates, last?.words);
    if (this.changes === changes) this.last = { atMs, stored, words };
    return words;
  }

  /** The next who asks gets the words as they are stored then. */
  forget(): void {
    this.changes++;
    this.last = this.last && { ...this.last, atMs: -Infinity };
  }

  /** A newer program may have stored what this one does not understand: then the old words stay. */
  private read(templates: Parameters<typeof Words.of>[0], before: Words | undefined): Words {
    try {
      return Words.of(templates);
    } catch (fault) {
      if (before === undefined || !(fault instanceof InvalidTemplates)) throw fault;
      this.log.error(fault.message);
      return before;
    }
  }
}
