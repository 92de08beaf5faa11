import type { ClientBase, QueryResultRow } from 'pg';

import { CATALOG } from './schema-catalog.ts';

const HEADER = `-- What a migrated database looks like, written from its catalog by \`npm run dump\`.
-- Do not edit: change the schema with a migration, then write this anew.
`;

interface TableRow extends QueryResultRow {
  readonly oid: number;
  readonly name: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly comment: string | null;
}

interface PartRow extends QueryResultRow {
  readonly table_oid: number;
  readonly text: string;
}

interface CommentRow extends QueryResultRow {
  readonly table_oid: number;
  readonly target: string;
  readonly comment: string;
}

interface TextRow extends QueryResultRow {
  readonly text: string;
}

/**
 * The schema of a database as SQL to read and to compare: types, functions, tables with their columns,
 * constraints, indexes and triggers, views, comments. Equal schemas give equal texts, however they came
 * about: everything but columns is in the order of names.
 */
export async function dumpSchema(db: ClientBase): Promise<string> {
  const tables = await rows<TableRow>(db, CATALOG.tables);
  const columns = await rows<PartRow>(db, CATALOG.columns);
  const constraints = await rows<PartRow>(db, CATALOG.constraints);
  const statements = await rows<PartRow>(db, CATALOG.indexesAndTriggers);
  const comments = await rows<CommentRow>(db, CATALOG.comments);

  const blocks = tables.map((table) => {
    const own = (parts: readonly PartRow[]) =>
      parts.filter((part) => part.table_oid === table.oid).map(({ text }) => text);
    const body = [...own(columns), ...own(constraints)].map((text) => `  ${text}`).join(',\n');
    return [
      `${table.prefix} ${table.name} (\n${body}\n)${table.suffix};`,
      ...own(statements).map((text) => `${text};`),
      ...(table.comment === null ? [] : [commentOn('TABLE', table.name, table.comment)]),
      ...comments
        .filter((row) => row.table_oid === table.oid)
        .map((row) => `COMMENT ON ${row.target} IS ${quoted(row.comment)};`),
    ].join('\n');
  });
  const texts = async (sql: string) => (await rows<TextRow>(db, sql)).map(({ text }) => text);
  const before = [...(await texts(CATALOG.types)), ...(await texts(CATALOG.sequences))];
  const after = [...(await texts(CATALOG.views)), ...(await texts(CATALOG.functions))];
  return [HEADER, ...before, ...blocks, ...after].map((block) => `${block.trimEnd()}\n`).join('\n');
}

async function rows<Row extends QueryResultRow>(
  db: ClientBase,
  sql: string,
): Promise<readonly Row[]> {
  return (await db.query<Row>(sql)).rows;
}

function commentOn(kind: string, name: string, comment: string): string {
  return `COMMENT ON ${kind} ${name} IS ${quoted(comment)};`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
