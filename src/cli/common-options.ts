/** Single options that mean the same with several commands. */

import { InvalidArgumentError, Option } from 'commander';
import { engineEditions } from '../compat/version.ts';
import { option, repeatedOption } from './option.ts';

export function editionOption(): Option {
  return option('--edition <edition>', 'edition of the target, for features that only some have').choices([
    ...engineEditions,
  ]);
}

export function consistencyOption(): Option {
  return option(
    '--consistency <way>',
    'one point in time by a database snapshot (snapshot-database) or one transaction (snapshot), or none',
  ).choices(['snapshot-database', 'snapshot', 'none']);
}

export function onExistingOption(): Option {
  return option('--on-existing <way>', 'what happens to objects that are there: fail, skip or drop')
    .choices(['fail', 'skip', 'drop'])
    .default('fail');
}

export function acceptOption(): Option {
  return repeatedOption('--accept <rule[:object]>', 'do without what this blocker names');
}

/** Of scripts that are read. */
export function encodingOption(): Option {
  const named = option('--encoding <name>', 'of a script without a byte order mark that is not UTF-8: windows-1252 …');
  return named.argParser((value: string) => {
    try {
      return new TextDecoder(value).encoding;
    } catch {
      throw new InvalidArgumentError('no such encoding; names are those of the WHATWG encoding standard.');
    }
  });
}

export function progressOption(): Option {
  return new Option('--progress <kind>', 'plain, json or none').choices(['plain', 'json', 'none']);
}
