// Ready words of a recording from a file: JSON, SRT or VTT.
import { IconFileText } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { id_part } from '../../api/call';
import { refusal_of } from '../../api/refusal';
import { text_of, useLang, useT } from '../../lib/lang';
import { Button } from '../../ui/Button';
import { SelectField } from '../../ui/Fields';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import type { Track } from './queries';
import { send_bytes } from './send_bytes';

const formats = ['json', 'srt', 'vtt'] as const;
export function format_of(name: string): (typeof formats)[number] | undefined {
  return formats.find((one) => name.toLowerCase().endsWith(`.${one}`));
}

function useSendText(recording: string) {
  const t = useT();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: { file: File; format: string; channel: string; language: string }) => {
      const { file, ...query } = asked;
      const search = new URLSearchParams({ ...query, source: 'sidecar' });
      return send_bytes<{ words: number }>({
        path: `/recordings/${id_part(recording)}/transcripts?${search.toString()}`,
        body: file,
        type: 'text/plain; charset=utf-8',
      });
    },
    onSuccess: ({ words }) => {
      toast({ text: t('ui.transcript.done', { n: words }) });
      void client.invalidateQueries({ queryKey: ['recording'] });
    },
  });
}

export function Transcript({ recording, tracks }: { recording: string; tracks: readonly Track[] }) {
  const t = useT();
  const desk_language = useLang();
  const chooser = useRef<HTMLInputElement>(null);
  const [channel, set_channel] = useState(String(tracks[0]?.channel ?? 0));
  const [language, set_language] = useState<string>(desk_language);
  const [odd, set_odd] = useState('');
  const send = useSendText(recording);
  const refused = refusal_of(send.error);
  const take = (file: File | undefined) => {
    if (!file) return;
    const format = format_of(file.name);
    set_odd(format ? '' : file.name);
    if (format) send.mutate({ file, format, channel, language });
  };
  const role = (track: Track) =>
    text_of(`ui.clip.role.${track.role}`) ?? t('ui.clip.role.other', { n: track.channel + 1 });
  return (
    <section className="o-transcript">
      <h2>{t('ui.transcript.title')}</h2>
      <p className="o-2">{t('ui.transcript.what')}</p>
      <Form onSubmit={() => chooser.current?.click()} error={refused} className="o-transcript-form">
        {tracks.length > 1 && (
          <SelectField
            path="channel"
            label={t('ui.transcript.track')}
            value={channel}
            data={tracks.map((track) => ({ value: String(track.channel), label: role(track) }))}
            onChange={(value) => set_channel(value ?? channel)}
          />
        )}
        <SelectField
          path="language"
          label={t('ui.transcript.language')}
          value={language}
          data={[
            { value: 'ru', label: t('ui.lang.ru') },
            { value: 'en', label: t('ui.lang.en') },
          ]}
          onChange={(value) => set_language(value ?? language)}
        />
        <input
          ref={chooser}
          type="file"
          hidden
          accept=".json,.srt,.vtt"
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        <Button type="submit" icon={IconFileText} busy={send.isPending}>
          {t('ui.transcript.choose')}
        </Button>
      </Form>
      {(odd || refused) && (
        <p className="o-red" role="alert">
          {odd ? t('ui.transcript.odd', { name: odd }) : refused?.title}
          {refused?.field && !odd && ` (${refused.field})`}
        </p>
      )}
    </section>
  );
}
