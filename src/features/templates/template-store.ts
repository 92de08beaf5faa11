import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { MessageKind } from '../../core/messages/kinds.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import type { MessageTexts } from './language.ts';
import type { TemplateOverride } from './words.ts';

/** A template that headquarters changed. */
export interface StoredTemplate extends TemplateOverride {
  readonly changedAt: EpochMs;
}

interface TemplateRow {
  readonly kind: MessageKind;
  readonly locale: string;
  readonly texts: Partial<MessageTexts>;
  readonly updated_at: Date;
}

/** Where changed templates are kept: at most one a kind and language. */
@Injectable()
export class TemplateStore {
  constructor(private readonly db: DataSource) {}

  async all(): Promise<readonly StoredTemplate[]> {
    const rows = await run<TemplateRow>(this.db, SELECT_ALL);
    return rows.map(({ kind, locale, texts, updated_at: at }) => ({
      ...{ kind, locale, texts, changedAt: at.getTime() },
    }));
  }

  async put(kind: MessageKind, locale: string, texts: Partial<MessageTexts>): Promise<void> {
    await run(this.db, PUT, [kind, locale, JSON.stringify(texts)]);
  }

  async remove(kind: MessageKind, locale: string): Promise<void> {
    await run(this.db, REMOVE, [kind, locale]);
  }
}

const SELECT_ALL = {
  name: 'template-all',
  text: `SELECT kind, locale, texts, updated_at FROM message_template ORDER BY kind, locale`,
};

const PUT = {
  name: 'template-put',
  text: `INSERT INTO message_template (kind, locale, texts, updated_at)
         VALUES ($1, $2, $3, clock_timestamp())
         ON CONFLICT (kind, locale) DO UPDATE
            SET texts = excluded.texts, updated_at = excluded.updated_at`,
};

const REMOVE = {
  name: 'template-remove',
  text: `DELETE FROM message_template WHERE kind = $1 AND locale = $2`,
};
