// A body of bytes with its progress; fetch cannot tell how much of an upload has left.
import { base } from '../../api/base';
import { csrf_header } from '../../api/client';
import { problem_from } from '../../api/problem';
import { lang } from '../../lib/lang';

export interface Sending {
  path: string;
  body: Blob;
  type: string;
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function send_bytes<T>({ path, body, type, onProgress, signal }: Sending): Promise<T> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open('POST', base + path);
    request.setRequestHeader('Content-Type', type);
    request.setRequestHeader('Accept-Language', lang());
    for (const [name, value] of Object.entries(csrf_header()))
      request.setRequestHeader(name, value);
    request.upload.onprogress = (event) =>
      event.lengthComputable && onProgress?.(event.loaded / event.total);
    request.onload = () => {
      const answer = read(request.responseText);
      if (request.status >= 200 && request.status < 300) done(answer as T);
      else failed(problem_from(request.status, answer));
    };
    const lost = () => failed(problem_from(0, { title: 'no_connection', code: 'no_connection' }));
    request.onerror = lost;
    request.onabort = () => failed(problem_from(0, { title: 'stopped', code: 'stopped' }));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}
