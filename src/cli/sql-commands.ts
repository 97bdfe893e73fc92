import type { Language } from '../platform/errors.ts'
import type { Session, StatementResult } from './repository-sql.ts'

const HELP = {
  en: [
    '\\dt           the tables and views, with their size',
    '\\d <table>    the columns and indexes of one',
    '\\dn           the schemas',
    '\\?            this text',
    '\\q            the end, as Ctrl-D',
    'A statement ends with ; and Ctrl-C gives up the one that runs.',
  ].join('\n'),
  ko: [
    '\\dt           테이블과 뷰, 그 크기',
    '\\d <테이블>   테이블 하나의 열과 인덱스',
    '\\dn           스키마',
    '\\?            이 도움말',
    '\\q            끝내기. Ctrl-D와 같습니다',
    '문장은 ;로 끝납니다. Ctrl-C는 실행 중인 문장을 멈춥니다.',
  ].join('\n'),
} as const

/** Partitions are left out: there is one a month. */
const TABLES = `
  select n.nspname as schema, c.relname as name,
    case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as type,
    case when c.relkind in ('r', 'm') then pg_size_pretty(pg_total_relation_size(c.oid))
         when c.relkind = 'p' then pg_size_pretty((select coalesce(sum(pg_total_relation_size(relid)), 0)
           from pg_partition_tree(c.oid) where isleaf)) end as size
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition and n.nspname = any(current_schemas(false))
  order by 1, 2`

const SCHEMAS = `
  select nspname as schema, pg_get_userbyid(nspowner) as owner from pg_namespace
  where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1`

const COLUMNS = `
  select a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
    case when a.attnotnull then 'not null' end as nullable, pg_get_expr(d.adbin, d.adrelid) as default
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`

const INDEXES = `
  select pg_get_indexdef(i.indexrelid) as index from pg_index i where i.indrelid = to_regclass($1) order by 1`

export type Meta =
  | { kind: 'results'; results: StatementResult[] }
  | { kind: 'text'; text: string }
  | { kind: 'quit' }

/** What a line that begins with a backslash asks for. */
export const runMeta = async (line: string, session: Session, language: Language): Promise<Meta> => {
  const [, command = '', argument = ''] = /^\\(\S*)\s*(.*?)\s*;?$/su.exec(line.trim()) ?? []
  if (command === 'q') return { kind: 'quit' }
  if (command === 'dt' && argument === '') return { kind: 'results', results: await session.run(TABLES) }
  if (command === 'dn' && argument === '') return { kind: 'results', results: await session.run(SCHEMAS) }
  if (command === 'd' && argument === '') return { kind: 'results', results: await session.run(TABLES) }
  if (command === 'd') {
    const columns = await session.query(COLUMNS, [argument])
    if (columns.rows.length === 0) {
      const text = language === 'ko' ? `${argument} 테이블이 없습니다` : `there is no table ${argument}`
      return { kind: 'text', text }
    }
    const indexes = await session.query(INDEXES, [argument])
    return { kind: 'results', results: indexes.rows.length === 0 ? [columns] : [columns, indexes] }
  }
  return { kind: 'text', text: HELP[language] }
}
