import type { Rule } from '../model/rule.ts';
import { scriptModule } from './module.ts';
import type { Batch, ScriptOptions } from './options.ts';

export function scriptRule(rule: Rule, options: ScriptOptions): Batch[] {
  return scriptModule(rule, options);
}
