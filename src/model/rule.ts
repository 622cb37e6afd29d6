/** CREATE RULE object (deprecated, still carried). */
export type { Module as Rule } from './module.ts';
