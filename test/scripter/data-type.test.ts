import type { VersionNumber } from '../../src/compat/version.ts';
import type { DataType } from '../../src/model/data-type.ts';
import { scriptDataType } from '../../src/scripter/data-type.ts';
import { testScripts } from './script-cases.ts';

const declared = (type: DataType, expected: string, since: VersionNumber = 100) => ({
  name: expected,
  batches: `DECLARE @v ${scriptDataType(type)}`,
  expected: [`DECLARE @v ${expected}`],
  since,
});
const system = (name: string, more: Partial<DataType> = {}): DataType => ({ schema: null, name, ...more });
const collection = { schema: 'dbo', name: 'Docs' };

testScripts('scriptDataType', [
  declared(system('int'), '[int]'),
  declared(system('nvarchar', { length: 'max' }), '[nvarchar](max)'),
  declared(system('binary', { length: 8000 }), '[binary](8000)'),
  declared(system('decimal', { precision: 38, scale: 0 }), '[decimal](38, 0)'),
  declared(system('numeric', { precision: 9, scale: 2 }), '[numeric](9, 2)'),
  declared(system('datetime2', { scale: 0 }), '[datetime2](0)'),
  declared(system('datetimeoffset', { scale: 7 }), '[datetimeoffset](7)'),
  declared(system('xml'), '[xml]'),
  declared(system('xml', { xmlSchemaCollection: collection }), '[xml](CONTENT [dbo].[Docs])'),
  declared(system('xml', { xmlSchemaCollection: collection, xmlDocument: true }), '[xml](DOCUMENT [dbo].[Docs])'),
  declared({ schema: 'dbo', name: 'Phone]Number' }, '[dbo].[Phone]]Number]'),
  declared(system('vector', { dimensions: 3 }), '[vector](3)', 170),
  declared(system('vector', { dimensions: 3, vectorBaseType: 'float16' }), '[vector](3, float16)', 170),
]);
