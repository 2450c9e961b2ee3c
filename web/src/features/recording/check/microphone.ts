// A few seconds from the microphone of this computer, as a WAV file. Recorded by the browser in its
// own format, then decoded here, so that the server meets nothing but PCM.
import { wav_of } from './level';

/** Browsers give a microphone to pages with TLS and to localhost only. */
export const may_record = () =>
  typeof MediaRecorder !== 'undefined' && Boolean(navigator.mediaDevices?.getUserMedia);

export interface Recorded {
  file: Blob;
  began_at: number;
}

/** The first channel of a file the browser can read; its samples and how long it is. */
export async function decoded(file: Blob): Promise<AudioBuffer> {
  const context = new AudioContext();
  try {
    return await context.decodeAudioData(await file.arrayBuffer());
  } finally {
    void context.close();
  }
}

function loudest(analyser: AnalyserNode): number {
  const heights = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(heights);
  return heights.reduce((held, value) => Math.max(held, Math.abs(value)), 0);
}

/** `onLevel`: how loud it is now, 0 to 1, ten times a second. */
export async function record(
  seconds: number,
  onLevel: (height: number, left_s: number) => void,
): Promise<Recorded> {
  // What makes a call sound better hides how a recorder would hear the place.
  const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: sound });
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const stopped = new Promise<void>((done) => (recorder.onstop = () => done()));
  recorder.start();
  const began_at = Date.now();
  const timer = setInterval(
    () => onLevel(loudest(analyser), seconds - (Date.now() - began_at) / 1000),
    100,
  );
  await new Promise((done) => setTimeout(done, seconds * 1000));
  recorder.stop();
  await stopped;
  clearInterval(timer);
  stream.getTracks().forEach((track) => track.stop());
  void context.close();
  const heard = await decoded(new Blob(parts, { type: recorder.mimeType }));
  return { file: wav_of(heard.getChannelData(0), heard.sampleRate), began_at };
}
