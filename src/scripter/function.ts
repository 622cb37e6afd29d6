import type { UserFunction } from '../model/function.ts';
import { scriptModule } from './module.ts';
import type { Batch, ScriptOptions } from './options.ts';

export function scriptFunction(fn: UserFunction, options: ScriptOptions): Batch[] {
  return scriptModule(fn, options);
}
