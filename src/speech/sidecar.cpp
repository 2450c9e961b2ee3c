#include "speech/sidecar.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace otklik {
namespace {

constexpr double seconds_max = 8 * 24 * 3600.0;
constexpr std::int64_t late_max = samples_per_second;  // rounding of other programs

[[noreturn]] void refuse(std::string_view code, std::size_t line) {
    throw Error(Fault::invalid, code, {{"line", std::to_string(line)}})
        .at("line " + std::to_string(line));
}

struct JsonWord {
    std::string text;
    double begin = 0, end = 0;
    std::optional<std::string> speaker;
    std::optional<double> confidence;
    void fields(FieldSink& f) {
        f.text("text", text, {.bytes_max = word_bytes_max, .may_be_empty = false});
        f.number("begin", begin);
        f.number("end", end);
        f.text("speaker", speaker, {.bytes_max = word_bytes_max});
        f.number("confidence", confidence);
    }
};
struct JsonSegment {
    std::string text;
    double begin = 0, end = 0;
    std::optional<std::string> speaker;
    void fields(FieldSink& f) {
        f.text("text", text, {.bytes_max = 20'000});
        f.number("begin", begin);
        f.number("end", end);
        f.text("speaker", speaker, {.bytes_max = word_bytes_max});
    }
};
struct WordsFile {
    std::vector<JsonWord> words;
    std::optional<std::string> language;
    void fields(FieldSink& f) {
        f.list("words", words, words_per_transcript_max);
        f.text("language", language, {.bytes_max = 35});
    }
};
struct SegmentsFile {
    std::vector<JsonSegment> segments;
    std::optional<std::string> language;
    void fields(FieldSink& f) {
        f.list("segments", segments, words_per_transcript_max);
        f.text("language", language, {.bytes_max = 35});
    }
};

/// Samples, or nothing when it is no time of a recording.
std::optional<std::int64_t> samples_at(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0 || seconds > seconds_max) return std::nullopt;
    return std::llround(seconds * samples_per_second);
}

SampleRange range_of(double begin, double end, std::int64_t length, const std::string& field) {
    const auto from = samples_at(begin), to = samples_at(end);
    if (!from || !to || *to < *from) throw Error(Fault::invalid, "sidecar.bad_time").at(field);
    if (*from >= length || *to > length + late_max)
        throw Error(Fault::invalid, "sidecar.outside").at(field);
    return {*from, std::min(std::max(*to, *from + 1), length)};
}

std::vector<Word> parse_json(std::string_view bytes, std::int64_t length) {
    std::vector<Word> words;
    // The first key decides which of both shapes is meant.
    const std::size_t at_words = bytes.find("\"words\""), at_segments = bytes.find("\"segments\"");
    if (at_words < at_segments || at_segments == std::string_view::npos) {
        const auto file = from_json<WordsFile>(bytes);
        for (std::size_t i = 0; i < file.words.size(); ++i) {
            const JsonWord& w = file.words[i];
            words.push_back({w.text,
                             range_of(w.begin, w.end, length, "words[" + std::to_string(i) + "]"),
                             w.speaker, w.confidence});
        }
        return words;
    }
    const auto file = from_json<SegmentsFile>(bytes);
    for (std::size_t i = 0; i < file.segments.size(); ++i) {
        const JsonSegment& s = file.segments[i];
        spread_words(s.text,
                     range_of(s.begin, s.end, length, "segments[" + std::to_string(i) + "]"),
                     s.speaker, words);
    }
    return words;
}

/// Lines of LF, CRLF or CR, counted from 1.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}
    bool next(std::string_view& line) {
        if (done_) return false;
        const std::size_t end = rest_.find_first_of("\r\n");
        line = rest_.substr(0, end);
        ++number_;
        if (end == std::string_view::npos) {
            done_ = true;
            return !line.empty();
        }
        const bool crlf = rest_[end] == '\r' && end + 1 < rest_.size() && rest_[end + 1] == '\n';
        rest_.remove_prefix(end + (crlf ? 2 : 1));
        return true;
    }
    std::size_t number() const { return number_; }

private:
    std::string_view rest_;
    std::size_t number_ = 0;
    bool done_ = false;
};

/// [hh:]mm:ss(,|.)mmm at the front of `text`, which is moved behind it.
std::optional<std::int64_t> take_time(std::string_view& text) {
    std::array<std::int64_t, 4> part{};
    std::size_t parts = 0;
    bool fraction = false;
    while (parts < 4) {
        std::size_t digits = 0;
        while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
        if (digits == 0 || digits > 3 || (fraction && digits != 3)) return std::nullopt;
        for (std::size_t i = 0; i < digits; ++i) part[parts] = part[parts] * 10 + (text[i] - '0');
        text.remove_prefix(digits);
        ++parts;
        if (fraction || text.empty()) break;
        if (text[0] != ':' && text[0] != ',' && text[0] != '.') break;
        fraction = text[0] != ':';
        text.remove_prefix(1);
    }
    if (!fraction || parts < 3) return std::nullopt;
    const std::int64_t hours = parts == 4 ? part[0] : 0;
    const std::int64_t minutes = part[parts - 3], seconds = part[parts - 2], ms = part[parts - 1];
    if (minutes > 59 || seconds > 59) return std::nullopt;
    return ((hours * 60 + minutes) * 60 + seconds) * samples_per_second +
           ms * (samples_per_second / 1000);
}

std::optional<SampleRange> cue_time(std::string_view line) {
    line = trim(line);
    const auto begin = take_time(line);
    if (!begin) return std::nullopt;
    line = trim(line);
    if (!line.starts_with("-->")) return std::nullopt;
    line = trim(line.substr(3));
    const auto end = take_time(line);  // what follows are cue settings
    if (!end || (!line.empty() && line[0] != ' ' && line[0] != '\t')) return std::nullopt;
    return SampleRange{*begin, *end};
}

std::string_view entity(std::string_view name) {
    constexpr std::pair<std::string_view, std::string_view> known[] = {
        {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"nbsp", " "}, {"quot", "\""}};
    for (const auto& [word, text] : known)
        if (word == name) return text;
    return {};
}

/// Text of a cue without its tags; <v Name> names the speaker.
std::string plain(std::string_view line, std::optional<std::string>& speaker) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char close = line[i] == '<' ? '>' : line[i] == '&' ? ';' : '\0';
        const std::size_t end = close ? line.find(close, i + 1) : std::string_view::npos;
        if (end == std::string_view::npos || end - i > 200) {
            out += line[i];
            continue;
        }
        const std::string_view inside = line.substr(i + 1, end - i - 1);
        if (close == ';') {
            const std::string_view text = entity(inside);
            if (text.empty()) {
                out += line[i];
                continue;
            }
            out += text;
        } else if (inside.starts_with("v ") || inside.starts_with("v.")) {
            const std::size_t space = inside.find(' ');
            if (space != std::string_view::npos)
                speaker = std::string(cut_bytes(trim(inside.substr(space)), word_bytes_max));
        }
        i = end;
    }
    return out;
}

/// A block that holds no cue: comments, styles and regions of VTT.
bool is_note(std::string_view line) {
    return line.starts_with("NOTE") || line == "STYLE" || line == "REGION";
}

std::vector<Word> parse_cues(SidecarFormat format, std::string_view bytes, std::int64_t length) {
    Lines lines(bytes);
    std::string_view line;
    if (format == SidecarFormat::vtt) {
        if (!lines.next(line) || !line.starts_with("WEBVTT") ||
            (line.size() > 6 && line[6] != ' ' && line[6] != '\t'))
            throw Error(Fault::invalid, "sidecar.no_header");
        while (lines.next(line) && !trim(line).empty()) {
        }
    }
    std::vector<Word> words;
    while (lines.next(line)) {
        if (trim(line).empty()) continue;
        if (format == SidecarFormat::vtt && is_note(line)) {
            while (lines.next(line) && !trim(line).empty()) {
            }
            continue;
        }
        // A number or name of the cue may stand before its time.
        if (line.find("-->") == std::string_view::npos && !lines.next(line))
            refuse("sidecar.bad_time", lines.number());
        const auto at = cue_time(line);
        if (!at || at->end < at->begin) refuse("sidecar.bad_time", lines.number());
        if (at->begin >= length || at->end > length + late_max)
            refuse("sidecar.outside", lines.number());
        std::string text;
        std::optional<std::string> speaker;
        while (lines.next(line) && !trim(line).empty()) text += plain(line, speaker) + ' ';
        spread_words(text, {at->begin, std::min(std::max(at->end, at->begin + 1), length)}, speaker,
                     words);
        if (words.size() > words_per_transcript_max) break;
    }
    return words;
}

}  // namespace

void spread_words(std::string_view text, SampleRange at, const std::optional<std::string>& speaker,
                  std::vector<Word>& out) {
    std::vector<std::string_view> parts;
    std::int64_t letters = 0;
    constexpr std::string_view spaces = " \t\r\n\v\f";
    for (std::size_t i = text.find_first_not_of(spaces); i < text.size();
         i = text.find_first_not_of(spaces, i)) {
        const std::size_t end = std::min(text.find_first_of(spaces, i), text.size());
        parts.push_back(cut_bytes(text.substr(i, end - i), word_bytes_max));
        // One more than its letters: the pause before the next.
        letters += static_cast<std::int64_t>(utf8_count(parts.back())) + 1;
        i = end;
    }
    std::int64_t before = 0;
    for (const std::string_view part : parts) {
        const std::int64_t begin = at.begin + at.count() * before / letters;
        before += static_cast<std::int64_t>(utf8_count(part)) + 1;
        const std::int64_t end = at.begin + at.count() * before / letters;
        const std::int64_t last = std::max(at.begin, at.end - 1);
        const std::int64_t first = std::min(begin, last);
        out.push_back(
            {std::string(part), {first, std::max(end, first + 1)}, speaker, std::nullopt});
    }
}

std::vector<Word> parse_sidecar(SidecarFormat format, std::string_view bytes,
                                std::int64_t length_samples) {
    if (bytes.size() > sidecar_bytes_max)
        throw Error(Fault::too_large, "sidecar.too_large",
                    {{"bytes_max", std::to_string(sidecar_bytes_max)}});
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (!is_utf8(bytes) || bytes.find('\0') != std::string_view::npos)
        throw Error(Fault::invalid, "sidecar.not_utf8");
    std::vector<Word> words = format == SidecarFormat::json
                                  ? parse_json(bytes, length_samples)
                                  : parse_cues(format, bytes, length_samples);
    if (words.empty()) throw Error(Fault::invalid, "sidecar.empty");
    if (words.size() > words_per_transcript_max)
        throw Error(Fault::too_large, "transcript.too_long",
                    {{"words_max", std::to_string(words_per_transcript_max)}});
    std::stable_sort(words.begin(), words.end(),
                     [](const Word& a, const Word& b) { return a.at.begin < b.at.begin; });
    return words;
}

}  // namespace otklik
