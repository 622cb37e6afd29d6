/** CREATE DEFAULT object (deprecated, still carried). */
export type { Module as DefaultObject } from './module.ts';
