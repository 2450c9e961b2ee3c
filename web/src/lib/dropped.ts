// Files of a drop: single ones and whole folders with all below them.

const sound = /\.(wav|flac|mp3|ogg|oga|opus|m4a|m4b|mp4|aac|amr|3gp|wma)$/i;

/** Of a folder only what is called like sound; a file chosen by itself is the server's to judge. */
export function is_sound_name(name: string): boolean {
  return !name.startsWith('.') && sound.test(name);
}

const dropped_paths = new WeakMap<File, string>();
/** The name with the folders it lay in, as far as the browser tells. */
export const path_of = (file: File) =>
  dropped_paths.get(file) ?? (file.webkitRelativePath || file.name);

export interface Dropped {
  files: File[];
  /** Left out of the folders: not called like sound. */
  others: number;
}

function entries_of(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  return new Promise((done, failed) => {
    // A reader gives at most a hundred at once, and an empty list at the end.
    const more = () =>
      reader.readEntries((some) => {
        if (some.length === 0) return done(all);
        all.push(...some);
        more();
      }, failed);
    more();
  });
}

async function walk(entry: FileSystemEntry, inside: boolean, into: Dropped): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) =>
      (entry as FileSystemFileEntry).file(done, failed),
    );
    dropped_paths.set(file, entry.fullPath.replace(/^\/+/, ''));
    if (!inside || is_sound_name(file.name)) into.files.push(file);
    else into.others += 1;
    return;
  }
  for (const each of await entries_of(entry as FileSystemDirectoryEntry))
    await walk(each, true, into);
}

export async function dropped_files(data: DataTransfer): Promise<Dropped> {
  // The entries must be taken before the first wait: the drop is over after it.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const into: Dropped = { files: [], others: 0 };
  if (entries.length === 0) into.files.push(...data.files);
  for (const entry of entries) await walk(entry, false, into);
  into.files.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return into;
}

/** Of a chosen folder (webkitdirectory). */
export function chosen_files(files: Iterable<File>): Dropped {
  const all = [...files];
  const kept = all.filter((file) => is_sound_name(file.name));
  kept.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return { files: kept, others: all.length - kept.length };
}
