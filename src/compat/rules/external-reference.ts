import type { Module } from '../../model/module.ts';
import { tokenize } from '../../tsql/lexer.ts';
import { quoteQualified } from '../../tsql/quote.ts';
import type { Token } from '../../tsql/token.ts';
import { removeModules } from '../remove-modules.ts';
import type { Rule } from '../rule.ts';
import { modulesOf } from '../texts.ts';

export const externalReference: Rule = {
  id: 'external-reference',
  description:
    'Other databases and servers that synonyms and modules name must exist beside the target; Azure SQL Database knows none',
  apply: (database, target, report) => {
    const own = database.properties.name.toLowerCase();
    const severity = target.version === 'azure' ? 'blocker' : 'info';
    const outside = (text: string) => externalNames(text).filter(name => name.toLowerCase() !== own);
    const tell = (object: string, names: readonly string[]) => {
      const list = names.join(', ');
      const end =
        severity === 'blocker' ? 'Azure SQL Database refuses; it is left out' : 'must exist beside the target';
      report(severity, object, `refers to ${list}, which ${end}`);
    };
    const doomed: Module[] = [];
    for (const module of modulesOf(database)) {
      const names = module.definition === null ? [] : outside(module.definition);
      if (names.length === 0) continue;
      tell(quoteQualified(module.schema, module.name), names);
      doomed.push(module);
    }
    const synonyms = database.synonyms.filter(synonym => {
      const names = outside(`FROM ${synonym.baseObject}`);
      if (names.length > 0) tell(quoteQualified(synonym.schema, synonym.name), names);
      return names.length === 0 || severity === 'info';
    });
    return severity === 'info' ? database : removeModules({ ...database, synonyms }, doomed, report);
  },
};

/** Every database has these beside it. */
const everywhere = new Set(['tempdb', 'master', 'msdb', 'model', 'sys', 'inserted', 'deleted']);

/** Texts without a name of three parts need no closer look. */
const twoDots = /\.\s*(\[[^\]]*\]|"[^"]*"|[^\s.,;()'"[\]]*)\s*\./;

/** Databases (or servers, of four parts) named where a table or procedure stands. */
export function externalNames(text: string): string[] {
  if (!twoDots.test(text)) return [];
  let tokens: readonly Token[];
  try {
    tokens = tokenize(text);
  } catch {
    return [];
  }
  const names = new Set<string>();
  tokens.forEach((token, i) => {
    if (token.kind !== 'word' || !/^(FROM|JOIN|APPLY|INTO|UPDATE|EXEC|EXECUTE|MERGE|USING)$/.test(token.value)) return;
    const parts = nameParts(tokens, i + 1);
    // `table.column.nodes(…)` of an xml column.
    if (parts.at(-1)?.toLowerCase() === 'nodes') return;
    if (parts.length >= 3 && parts[0] !== '' && !everywhere.has(parts[0]!.toLowerCase())) names.add(parts[0]!);
  });
  return [...names];
}

/** Parts of a dotted name; an omitted part is ''. */
function nameParts(tokens: readonly Token[], from: number): string[] {
  const parts: string[] = [];
  for (let i = from; ; i++) {
    const token = tokens[i];
    if (token && /^(word|bracketed|quoted)$/.test(token.kind)) {
      parts.push(token.kind === 'word' ? token.text : token.value);
      if (tokens[i + 1]?.text !== '.') return parts;
      i++;
    } else if (token?.text === '.' && parts.length > 0) parts.push('');
    else return parts;
  }
}
