/** Where the files of a database lie on the target. */

export interface FilePaths {
  /** Directories; null where neither an option nor the server names one. */
  readonly data: string | null;
  readonly log: string | null;
  readonly filestream: string | null;
  /** Whole paths by logical name, in lower case. */
  readonly files: ReadonlyMap<string, string>;
  readonly separator: '\\' | '/';
}

export type FileKind = 'data' | 'log' | 'filestream';

/** Old and new name of the database; null when it keeps its name. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** Gives each file of a script its place. Two files of one name from different directories get different names. */
export class FilePlacement {
  readonly #paths: FilePaths;
  readonly #rename: Rename | null;
  readonly #taken = new Set<string>();
  /** Kinds by logical name, for ALTER DATABASE … MODIFY FILE. */
  readonly #kinds = new Map<string, FileKind>();
  /** Filegroups of containers, in lower case, for ALTER DATABASE … ADD FILE … TO FILEGROUP. */
  readonly containerGroups = new Set<string>();
  /** Logical names of `--map-file` that met no file yet. */
  readonly unmatched: Set<string>;

  constructor(paths: FilePaths, rename: Rename | null) {
    this.#paths = paths;
    this.#rename = rename;
    this.unmatched = new Set(paths.files.keys());
  }

  /** `Northwind_log` of a database that becomes NW2 is NW2_log; names without the database's stay. */
  logicalName(name: string): string {
    return this.#renamed(name);
  }

  /**
   * @param path as in the script, with either separator; '' when the script gives none
   * @returns the path on the target; the script's own where nothing says where to put it
   */
  place(kind: FileKind, logicalName: string, path: string): string {
    const key = logicalName.toLowerCase();
    this.#kinds.set(key, kind);
    const mapped = this.#paths.files.get(key) ?? this.#paths.files.get(this.#renamed(logicalName).toLowerCase());
    if (mapped !== undefined) {
      this.unmatched.delete(key);
      this.unmatched.delete(this.#renamed(logicalName).toLowerCase());
      this.#taken.add(mapped.toLowerCase());
      return mapped;
    }
    const directory = this.#paths[kind] ?? (kind === 'filestream' ? this.#paths.data : null);
    const name = this.#renamed(path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1));
    if (directory === null) return this.#unique(path.slice(0, path.length - baseLength(path)) + name);
    return this.#unique(joinPath(directory, name, this.#paths.separator));
  }

  /** Undefined for a file that was not placed yet. */
  kindOf(logicalName: string): FileKind | undefined {
    return this.#kinds.get(logicalName.toLowerCase());
  }

  #renamed(name: string): string {
    const rename = this.#rename;
    if (!rename || rename.from === '' || !name.toLowerCase().startsWith(rename.from.toLowerCase())) return name;
    return rename.to + name.slice(rename.from.length);
  }

  #unique(path: string): string {
    const dot = path.lastIndexOf('.');
    const cut = dot > Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) ? dot : path.length;
    let found = path;
    for (let n = 2; this.#taken.has(found.toLowerCase()); n++) found = `${path.slice(0, cut)}_${n}${path.slice(cut)}`;
    this.#taken.add(found.toLowerCase());
    return found;
  }
}

function baseLength(path: string): number {
  return path.length - (Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

/** A directory's own separator wins over the server's: `--data-path D:\Data` says what it is. */
export function joinPath(directory: string, name: string, separator: '\\' | '/'): string {
  if (/[\\/]$/.test(directory)) return directory + name;
  const own = directory.includes('\\') ? '\\' : directory.includes('/') ? '/' : separator;
  return directory + own + name;
}
