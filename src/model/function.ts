import type { Module } from './module.ts';

export interface UserFunction extends Module {
  readonly kind: 'scalar' | 'inline' | 'table';
  readonly schemaBound: boolean;
}
