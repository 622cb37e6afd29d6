import { scriptXmlSchemaCollection } from '../../src/scripter/xml-schema-collection.ts';
import { options, testScripts } from './script-cases.ts';

testScripts('scriptXmlSchemaCollection', [
  {
    name: 'xml schema collection',
    batches: scriptXmlSchemaCollection({ schema: 'dbo', name: 'x', owner: 'ann', definition: "<a b='c'/>" }, options),
    expected: [
      "CREATE XML SCHEMA COLLECTION [dbo].[x] AS N'<a b=''c''/>'",
      'ALTER AUTHORIZATION ON XML SCHEMA COLLECTION::[dbo].[x] TO [ann]',
    ],
  },
]);
