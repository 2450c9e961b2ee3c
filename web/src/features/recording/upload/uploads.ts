// Files on their way as the server has them: unfinished, asking, refused.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get } from '../../../api/call';
import type { Given } from '../../../api/types';
import type { Upload } from './queue';

export function useUploads() {
  return useQuery({
    queryKey: ['upload', 'list'],
    queryFn: () => get<{ items: Upload[] }>('/uploads'),
    refetchInterval: 30_000,
  });
}
export function useFolder() {
  return useQuery({
    queryKey: ['upload', 'folder'],
    queryFn: () => get<Given<'FolderView'>>('/uploads/folder'),
    refetchInterval: 30_000,
  });
}
export function useUploadsChanged() {
  const client = useQueryClient();
  return () => {
    for (const kind of ['upload', 'recording', 'coverage', 'recorder'])
      void client.invalidateQueries({ queryKey: [kind] });
  };
}
