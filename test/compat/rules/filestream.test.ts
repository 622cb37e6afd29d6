import { expect, it } from 'vitest';
import type { DatabaseFile } from '../../../src/model/database.ts';
import { column, database, index, table, text } from '../../support/model.ts';
import { brief, gateFor } from '../gate-for.ts';

const container = (logicalName: string): DatabaseFile => ({
  logicalName,
  physicalName: `D:\\${logicalName}`,
  kind: 'filestream',
  sizeKb: null,
  maxSizeKb: 1024,
  growth: null,
});
const blob = column('Audio', text('max', 'varbinary'), { filestream: true });
const source = database({
  properties: {
    ...database().properties,
    options: { FILESTREAM: '(NON_TRANSACTED_ACCESS = OFF)' },
    filegroups: [
      { name: 'Fs', kind: 'filestream', isDefault: true, readOnly: false, files: [container('a'), container('b')] },
    ],
  },
  tables: [
    table('M', [blob], { filestreamDataSpace: 'Fs', indexes: [index('IX', ['Audio'], { filestreamDataSpace: 'Fs' })] }),
  ],
});

it.each([['azure', {}] as const, ['2022', { platform: 'linux' as const }] as const])(
  'has none on %s',
  (version, more) => {
    const { database: fitted, findings } = gateFor(version, source, more);
    expect(brief(findings).filter(f => f.endsWith(' filestream'))).toEqual([
      'dropped [Fs] filestream',
      'rewritten [dbo].[M].[Audio] filestream',
    ]);
    expect(fitted.tables).toEqual([
      table('M', [{ ...blob, filestream: false }], { indexes: [index('IX', ['Audio'])] }),
    ]);
    expect(fitted.properties).toMatchObject({ options: {}, filegroups: [] });
  },
);

it('has one container without a greatest size before 2012', () => {
  const { database: fitted, findings } = gateFor('2008', source);
  expect(brief(findings).filter(f => f.endsWith(' filestream'))).toEqual([
    'rewritten [Fs] filestream',
    'dropped [Fs] filestream',
  ]);
  expect(fitted.properties.filegroups[0]!.files).toEqual([{ ...container('a'), maxSizeKb: null }]);
  expect(fitted.tables).toEqual(source.tables);
});

it('has one container where the edition takes one, and all of them elsewhere', () => {
  const express = gateFor('2014', source, { edition: 'express' });
  expect(express.database.properties.filegroups[0]!.files).toEqual([container('a')]);
  expect(gateFor('2012', source)).toEqual({ database: source, findings: [] });
});
