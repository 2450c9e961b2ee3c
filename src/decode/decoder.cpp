#include "decode/decoder.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
#include <libavutil/mem.h>
}

#include "decode/input.h"
#include "decode/sniff.h"

namespace otklik::decode {

namespace {

constexpr int io_bytes = 1 << 16;
constexpr unsigned streams_max = 16;
constexpr int amr_delay_5ms =
    200;  // a fifth of a thousandth: rate / 200 samples (measured, AMR-NB)
constexpr std::int64_t jump_seconds_max = 3'600;  // a longer jump of time stamps is a lie

/// Ours first: libopus and not libav's own Opus, which is 1-2 samples late.
constexpr const char* decoder_names =
    "libopus,opus,flac,mp3float,mp3,vorbis,aac,alac,amrnb,amrwb,wmav1,wmav2,wmapro,wmavoice,"
    "wmalossless,pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,"
    "pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,gsm_ms,gsm";

struct Closers {
    void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
    void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
    void operator()(AVIOContext* io) const {
        av_freep(&io->buffer);
        avio_context_free(&io);
    }
};
template <class T>
using Owned = std::unique_ptr<T, Closers>;

int read_io(void* input, std::uint8_t* bytes, int count) {
    const int got = static_cast<Input*>(input)->read_next({bytes, static_cast<std::size_t>(count)});
    return got < 0 ? AVERROR_EOF : got;
}

std::int64_t seek_io(void* input, std::int64_t offset, int whence) {
    if (whence & AVSEEK_SIZE) return static_cast<Input*>(input)->size();
    return static_cast<Input*>(input)->seek(offset, whence & ~AVSEEK_FORCE);
}

/// A container may name other files: none is ever opened.
int refuse_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
    return AVERROR(EACCES);
}

const AVCodec* find_decoder(AVCodecID id) {
    const AVCodec* codec =
        id == AV_CODEC_ID_OPUS ? avcodec_find_decoder_by_name("libopus") : nullptr;
    return codec ? codec : avcodec_find_decoder(id);
}

class Decoding {
public:
    Decoding(Input& input, const Sniffed& sniffed, std::int64_t seconds_max, PcmOutput& out)
        : input_(input), sniffed_(sniffed), seconds_max_(seconds_max), out_(out) {
        result_.torn = sniffed.torn;
    }

    Decoded run() {
        result_.outcome = open();
        if (result_.outcome == Outcome::ok) result_.outcome = read_all();
        return result_;
    }

    Probed look() {
        Probed probed;
        probed.outcome = open();
        probed.what = result_.what;
        probed.codec = result_.codec;
        if (probed.outcome != Outcome::ok) return probed;
        if (format_->duration != AV_NOPTS_VALUE && format_->duration > 0)
            probed.length_ms = format_->duration / (AV_TIME_BASE / 1'000);
        // In a WAV these keys hold parts of a date: the server reads that tag by itself.
        if (sniffed_.container != "wav") probed.begun = creation_time();
        return probed;
    }

private:
    Outcome open() {
        auto* buffer = static_cast<std::uint8_t*>(av_malloc(io_bytes));
        io_.reset(avio_alloc_context(buffer, io_bytes, 0, &input_, read_io, nullptr, seek_io));
        const AVInputFormat* demuxer = av_find_input_format(std::string(sniffed_.demuxer).c_str());
        AVFormatContext* format = avformat_alloc_context();
        if (!io_ || !demuxer || !format) return Outcome::unsupported;
        format->pb = io_.get();
        format->flags |= AVFMT_FLAG_CUSTOM_IO;
        format->io_open = refuse_open;
        format->max_streams = streams_max;
        format->format_whitelist = av_strdup(demuxer->name);
        format->codec_whitelist = av_strdup(decoder_names);
        format->protocol_whitelist = av_strdup("");
        if (avformat_open_input(&format, nullptr, demuxer, nullptr) < 0) {
            return Outcome::bad_container;  // libav has freed the context
        }
        format_.reset(format);
        for (unsigned i = 0; i < format->nb_streams; ++i) {
            const bool audio = format->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
            format->streams[i]->discard = audio ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
        }
        if (avformat_find_stream_info(format, nullptr) < 0) return Outcome::bad_container;
        for (unsigned i = 0; i < format->nb_streams && !stream_; ++i) {
            if (format->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) {
                stream_ = format->streams[i];
            }
        }
        return stream_ ? open_codec() : Outcome::bad_container;
    }

    Outcome open_codec() {
        const AVCodecParameters& known = *stream_->codecpar;
        const AVCodec* codec = find_decoder(known.codec_id);
        if (!codec) return unsupported(avcodec_get_name(known.codec_id));
        result_.codec = codec->name;
        if (!av_match_list(codec->name, decoder_names, ',')) return unsupported(codec->name);
        codec_.reset(avcodec_alloc_context3(codec));
        if (!codec_ || avcodec_parameters_to_context(codec_.get(), &known) < 0) {
            return Outcome::bad_container;
        }
        codec_->thread_count = 1;
        codec_->pkt_timebase = stream_->time_base;
        codec_->request_sample_fmt = AV_SAMPLE_FMT_FLT;  // libopus: no clipping in 16 bits
        codec_->codec_whitelist = av_strdup(decoder_names);
        if (avcodec_open2(codec_.get(), codec, nullptr) < 0) return unsupported(codec->name);
        return Outcome::ok;
    }

    /// ID3 and Vorbis call it date; only one with a time of day tells when a recording began.
    std::string creation_time() const {
        for (const char* key : {"creation_time", "date"}) {
            for (const AVDictionary* tags : {format_->metadata, stream_->metadata}) {
                const AVDictionaryEntry* tag = av_dict_get(tags, key, nullptr, 0);
                if (tag && std::strchr(tag->value, ':')) return tag->value;
            }
        }
        return {};
    }

    Outcome unsupported(std::string what) {
        result_.what = std::move(what);
        return Outcome::unsupported;
    }

    /// The first frame tells rate, channels and format; a later change of them is a failed packet.
    Outcome start_output(const AVFrame& frame) {
        rate_ = frame.sample_rate;
        channels_ = frame.ch_layout.nb_channels;
        sample_format_ = frame.format;
        if (rate_ < wire::rate_min || rate_ > wire::rate_max) {
            return unsupported(std::to_string(rate_) + " Hz");
        }
        if (channels_ < 1 || channels_ > 2) {
            return unsupported(std::to_string(channels_) + " channels");
        }
        out_.begin(rate_, channels_, wire_sample(sample_format_), seconds_max_ * rate_);
        if (codec_->codec_id == AV_CODEC_ID_AMR_NB) drop_ = delay_ = rate_ / amr_delay_5ms;
        return put_silence(silence_before_);
    }

    Outcome put_silence(std::int64_t frames) {
        if (frames <= 0) return Outcome::ok;
        result_.filled_frames += frames;
        return out_.put_silence(frames) == Put::ok ? Outcome::ok : Outcome::too_long;
    }

    /// Silence for what cannot be heard; before the first good frame it is kept for later.
    Outcome fill(std::int64_t frames) {
        if (rate_ == 0) {
            const std::int64_t cap = seconds_max_ * std::max(1, codec_->sample_rate);
            silence_before_ = std::min(silence_before_ + frames, cap);
            return Outcome::ok;
        }
        return put_silence(frames);
    }

    std::int64_t duration_of(const AVPacket& packet) const {
        const int rate = codec_->sample_rate;
        if (rate <= 0) return 0;
        if (packet.duration > 0) {
            return av_rescale_q(packet.duration, stream_->time_base, {1, rate});
        }
        return codec_->frame_size;
    }

    /// Some containers know the time of each packet: pages that are missing leave their time
    /// behind.
    Outcome follow_time_stamps(const AVPacket& packet, std::int64_t duration) {
        const int rate = codec_->sample_rate;
        const bool knows = sniffed_.container == "ogg" || sniffed_.container == "mp4" ||
                           sniffed_.container == "asf";
        if (!knows || rate <= 0 || packet.pts == AV_NOPTS_VALUE) {
            packet_time_ += duration;
            return Outcome::ok;
        }
        const std::int64_t at = av_rescale_q(packet.pts, stream_->time_base, {1, rate});
        const std::int64_t jump = time_is_known_ ? at - packet_time_ : 0;
        packet_time_ = at + duration;
        time_is_known_ = true;
        if (jump <= std::max<std::int64_t>(rate / 10, 2 * duration)) return Outcome::ok;
        result_.torn = true;
        return jump > jump_seconds_max * rate ? Outcome::ok : fill(jump);
    }

    Outcome take_frames() {
        while (true) {
            const int code = avcodec_receive_frame(codec_.get(), frame_.get());
            if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return Outcome::ok;
            if (code < 0) {
                packet_failed_ = true;
                return Outcome::ok;
            }
            if (rate_ == 0) {
                const Outcome started = start_output(*frame_);
                if (started != Outcome::ok) return started;
            }
            if (frame_->sample_rate != rate_ || frame_->ch_layout.nb_channels != channels_ ||
                frame_->format != sample_format_) {
                packet_failed_ = true;
                continue;
            }
            const int from = std::min(drop_, frame_->nb_samples);
            drop_ -= from;
            heard_ = true;
            if (out_.put(*frame_, from) == Put::too_long) return Outcome::too_long;
        }
    }

    Outcome take_packet(AVPacket* packet) {
        const std::int64_t duration = duration_of(*packet);
        Outcome outcome = follow_time_stamps(*packet, duration);
        if (outcome != Outcome::ok) return outcome;
        if (packet->flags & AV_PKT_FLAG_CORRUPT) result_.torn = true;
        packet_failed_ = false;
        const std::int64_t before = out_.frames();
        if (avcodec_send_packet(codec_.get(), packet) < 0) packet_failed_ = true;
        outcome = take_frames();
        if (outcome != Outcome::ok) return outcome;
        if (!packet_failed_) return make_up_for_wma(duration);
        ++result_.failed_packets;
        return fill(std::max<std::int64_t>(0, duration - (out_.frames() - before)));
    }

    /// WMA gives nothing for its first packet, and no encoder says so: without this the sound would
    /// be early by its length (measured: 32 ms at 16 kHz). The second one comes out when it is
    /// drained.
    Outcome make_up_for_wma(std::int64_t duration) {
        const bool wma =
            codec_->codec_id == AV_CODEC_ID_WMAV1 || codec_->codec_id == AV_CODEC_ID_WMAV2;
        if (!wma || heard_ || silence_before_ > 0) return Outcome::ok;
        return fill(duration);
    }

    Outcome read_all() {
        const Owned<AVPacket> packet(av_packet_alloc());
        frame_.reset(av_frame_alloc());
        if (!packet || !frame_) return Outcome::bad_container;
        int code = 0;
        while ((code = av_read_frame(format_.get(), packet.get())) >= 0) {
            Outcome outcome = Outcome::ok;
            if (packet->stream_index == stream_->index) outcome = take_packet(packet.get());
            av_packet_unref(packet.get());
            if (outcome != Outcome::ok) return outcome;
        }
        if (code != AVERROR_EOF) result_.torn = true;
        avcodec_send_packet(codec_.get(), nullptr);
        const Outcome drained = take_frames();
        if (drained != Outcome::ok) return drained;
        if (!heard_) {
            return result_.failed_packets > 0 ? Outcome::bad_container : Outcome::empty;
        }
        // What the codec's delay pushed out at the front is missing at the end.
        const bool room = delay_ == 0 || out_.put_silence(delay_) == Put::ok;
        note_missing_end();
        return room ? Outcome::ok : Outcome::too_long;
    }

    /// The head states a length: far less sound than that means that the end is missing.
    void note_missing_end() {
        if (stream_->duration == AV_NOPTS_VALUE || stream_->duration <= 0) return;
        const std::int64_t stated = av_rescale_q(stream_->duration, stream_->time_base, {1, rate_});
        if (out_.frames() < stated - std::max<std::int64_t>(rate_ / 5, stated / 200)) {
            result_.torn = true;
        }
    }

    Input& input_;
    const Sniffed& sniffed_;
    std::int64_t seconds_max_;
    PcmOutput& out_;
    Decoded result_;
    Owned<AVIOContext> io_;
    Owned<AVFormatContext> format_;
    AVStream* stream_ = nullptr;
    Owned<AVCodecContext> codec_;
    Owned<AVFrame> frame_;
    int rate_ = 0;
    int channels_ = 0;
    int sample_format_ = -1;
    int drop_ = 0;
    int delay_ = 0;
    std::int64_t silence_before_ = 0;
    std::int64_t packet_time_ = 0;
    bool time_is_known_ = false;
    bool packet_failed_ = false;
    bool heard_ = false;
};

}  // namespace

std::string_view outcome_word(Outcome outcome) {
    switch (outcome) {
        case Outcome::ok:
            return "ok";
        case Outcome::empty:
            return "empty";
        case Outcome::too_long:
            return "too_long";
        case Outcome::unsupported:
            return "unsupported";
        case Outcome::bad_container:
            break;
    }
    return "bad_container";
}

Probed probe(Input& input, const Sniffed& sniffed) {
    PcmOutput nothing;
    return Decoding(input, sniffed, 1, nothing).look();
}

Decoded decode(Input& input, const Sniffed& sniffed, std::int64_t seconds_max, PcmOutput& out) {
    return Decoding(input, sniffed, seconds_max, out).run();
}

}  // namespace otklik::decode
