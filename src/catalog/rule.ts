import { compareNames } from '../model/look-up.ts';
import type { Rule } from '../model/rule.ts';
import type { Catalog } from './catalog.ts';
import { type ModuleReader, objectsOfType } from './module.ts';

export function readRules(catalog: Catalog, modules: ModuleReader): Rule[] {
  return objectsOfType(catalog, 'R')
    .map(r => modules.module(r, 'rule'))
    .sort(compareNames);
}
