import { scriptExtendedProperty } from '../../src/scripter/extended-property.ts';
import { testScripts } from './script-cases.ts';

const level = (type: string, name: string) => ({ type, name });

testScripts('scriptExtendedProperty', [
  {
    name: 'of the database',
    batches: scriptExtendedProperty({ name: 'a', value: "N'b'", levels: [] }),
    expected: ["EXEC sys.sp_addextendedproperty @name = N'a', @value = N'b'"],
  },
  {
    name: 'of a column',
    batches: scriptExtendedProperty({
      name: "it's",
      value: '1',
      levels: [level('SCHEMA', 'dbo'), level('TABLE', 'T]'), level('COLUMN', 'c')],
    }),
    expected: [
      "EXEC sys.sp_addextendedproperty @name = N'it''s', @value = 1, @level0type = N'SCHEMA', @level0name = N'dbo', " +
        "@level1type = N'TABLE', @level1name = N'T]', @level2type = N'COLUMN', @level2name = N'c'",
    ],
  },
  {
    name: 'NULL',
    batches: scriptExtendedProperty({ name: 'a', value: 'NULL', levels: [] }),
    expected: ["EXEC sys.sp_addextendedproperty @name = N'a', @value = NULL"],
  },
  {
    name: 'values that keep their type by a variable',
    batches: [
      scriptExtendedProperty({ name: 'a', value: "'varchar'", levels: [] }),
      scriptExtendedProperty({ name: 'a', value: "CAST('2020-01-01' AS date)", levels: [] }),
    ],
    expected: [
      "DECLARE @value sql_variant = 'varchar';\nEXEC sys.sp_addextendedproperty @name = N'a', @value = @value",
      "DECLARE @value sql_variant = CAST('2020-01-01' AS date);\nEXEC sys.sp_addextendedproperty @name = N'a', @value = @value",
    ],
  },
  {
    name: 'names that no single literal can hold',
    batches: scriptExtendedProperty({ name: '$(x)', value: "N'v'", levels: [level('SCHEMA', '$(y)')] }),
    expected: [
      "DECLARE @name sysname = N'$' + N'(x)';\nDECLARE @level0name sysname = N'$' + N'(y)';\n" +
        "EXEC sys.sp_addextendedproperty @name = @name, @value = N'v', @level0type = N'SCHEMA', @level0name = @level0name",
    ],
  },
]);
