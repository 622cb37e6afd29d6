import { scriptSynonym } from '../../src/scripter/synonym.ts';
import { options, testScripts } from './script-cases.ts';

testScripts('scriptSynonym', [
  {
    name: 'synonym',
    batches: scriptSynonym({ schema: 'dbo', name: 's', owner: 'ann', baseObject: '[srv].[db]..[t]' }, options),
    expected: ['CREATE SYNONYM [dbo].[s] FOR [srv].[db]..[t]', 'ALTER AUTHORIZATION ON OBJECT::[dbo].[s] TO [ann]'],
  },
]);
