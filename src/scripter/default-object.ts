import type { DefaultObject } from '../model/default-object.ts';
import { scriptModule } from './module.ts';
import type { Batch, ScriptOptions } from './options.ts';

export function scriptDefaultObject(object: DefaultObject, options: ScriptOptions): Batch[] {
  return scriptModule(object, options);
}
