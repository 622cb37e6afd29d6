/** Puts the target's file paths and the new name into CREATE DATABASE and ALTER DATABASE; everything else stays verbatim. */

import { quoteName, quoteString } from '../tsql/quote.ts';
import type { Token } from '../tsql/token.ts';
import type { FileKind, FilePlacement, Rename } from './file-placement.ts';
import { type Edit, isNameToken, nameValue, wordOf } from './token-edit.ts';

export interface FileMoved {
  readonly logicalName: string;
  readonly from: string;
  readonly to: string;
}

export interface DatabaseEdits {
  readonly edits: readonly Edit[];
  readonly files: readonly FileMoved[];
}

/** File clauses: `(NAME = x, FILENAME = N'…', …)` behind ON, LOG ON, ADD FILE, MODIFY FILE. */
export function editFiles(tokens: readonly Token[], placement: FilePlacement): DatabaseEdits {
  const edits: Edit[] = [];
  const files: FileMoved[] = [];
  const added = addedTo(tokens);
  let kind: FileKind = added !== null && placement.containerGroups.has(added) ? 'filestream' : 'data';
  const modifies = tokens.some((t, i) => wordOf(t) === 'MODIFY' && wordOf(tokens[i + 1]) === 'FILE');
  for (let i = 0; i < tokens.length; i++) {
    const word = wordOf(tokens[i]);
    // The words that say what the files behind them are.
    if (word === 'LOG') kind = 'log';
    else if (word === 'PRIMARY' || (word === 'FILEGROUP' && added === null)) kind = 'data';
    else if (word === 'CONTAINS') {
      kind = 'filestream';
      if (isNameToken(tokens[i - 1])) placement.containerGroups.add(nameValue(tokens[i - 1]!).toLowerCase());
    } else if (tokens[i]!.text === '(') {
      const file = readFile(tokens, i);
      if (!file) continue;
      const renamed = placement.logicalName(file.logicalName);
      if (file.name && renamed !== file.logicalName) edits.push({ token: file.name, text: quoteString(renamed) });
      if (file.path) {
        const to = placement.place(
          (modifies && placement.kindOf(file.logicalName)) || kind,
          file.logicalName,
          file.path.value,
        );
        if (to !== file.path.value) {
          edits.push({ token: file.path, text: quoteString(to) });
          files.push({ logicalName: file.logicalName, from: file.path.value, to });
        }
      }
      i = file.end;
    }
  }
  return { edits, files };
}

/** The filegroup of ADD FILE … TO FILEGROUP, in lower case. */
function addedTo(tokens: readonly Token[]): string | null {
  const at = tokens.findIndex((t, i) => wordOf(t) === 'FILEGROUP' && wordOf(tokens[i - 1]) === 'TO');
  return at < 0 || !isNameToken(tokens[at + 1]) ? null : nameValue(tokens[at + 1]!).toLowerCase();
}

interface FileClause {
  readonly logicalName: string;
  readonly name: Token | null;
  readonly path: Token | null;
  /** Index of the closing parenthesis. */
  readonly end: number;
}

/** Null when the parenthesis opens something else. */
function readFile(tokens: readonly Token[], open: number): FileClause | null {
  let name: Token | null = null;
  let path: Token | null = null;
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.text === '(') depth++;
    else if (token.text === ')' && --depth === 0) {
      return name === null && path === null ? null : { logicalName: name ? nameValue(name) : '', name, path, end: i };
    } else if (depth === 1 && tokens[i + 1]?.text === '=') {
      const value = tokens[i + 2]!;
      if (wordOf(token) === 'NAME') name = value;
      else if (wordOf(token) === 'FILENAME' && (value.kind === 'string' || value.kind === 'nstring')) path = value;
    }
  }
  return null;
}

/** `CREATE|ALTER|DROP DATABASE old`, `DATABASE::old`, `USE old`, `REMOVE FILE old_log`. */
export function editDatabaseName(tokens: readonly Token[], rename: Rename, placement: FilePlacement): Edit[] {
  const edits: Edit[] = [];
  for (const [i, token] of tokens.entries()) {
    if (!isNameToken(token)) continue;
    const before = tokens[i - 1];
    const isOld = nameValue(token).toLowerCase() === rename.from.toLowerCase();
    if (isOld && (isDatabaseWord(tokens, i - 1) || before?.text === '::')) {
      if (before?.text === '::' && wordOf(tokens[i - 2]) !== 'DATABASE') continue;
      edits.push({ token, text: quoteName(rename.to) });
    } else if (isOld && wordOf(before) === 'USE') edits.push({ token, text: quoteName(rename.to) });
    else if (wordOf(before) === 'FILE' && wordOf(tokens[i - 2]) === 'REMOVE') {
      const renamed = placement.logicalName(nameValue(token));
      if (renamed !== nameValue(token)) edits.push({ token, text: quoteName(renamed) });
    }
  }
  return edits;
}

function isDatabaseWord(tokens: readonly Token[], i: number): boolean {
  return wordOf(tokens[i]) === 'DATABASE' && ['CREATE', 'ALTER', 'DROP'].includes(wordOf(tokens[i - 1]));
}

/** Whether CREATE DATABASE names files at all. */
export function namesFiles(tokens: readonly Token[]): boolean {
  return tokens.some((token, i) => token.text === '(' && readFile(tokens, i)?.path);
}

/** Where the file clauses of a CREATE DATABASE without any belong: behind the name and CONTAINMENT. */
export function filesInsertedAt(tokens: readonly Token[]): Token | null {
  const at = tokens.findIndex((_, i) => isDatabaseWord(tokens, i - 1));
  if (at < 0) return null;
  return wordOf(tokens[at + 1]) === 'CONTAINMENT' && tokens[at + 2]?.text === '=' ? tokens[at + 3]! : tokens[at]!;
}
