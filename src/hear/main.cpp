// otklik-hear MODEL_FOLDER: PocketSphinx on what descriptor 3 holds, words as JSON lines on 4.
// Started by adapters/speech/pocketsphinx.cpp; it may die or hang, the server does not.
#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "hear/wire.h"

namespace {

using namespace otklik::hear;

[[maybe_unused]] constexpr rlim_t memory_max = rlim_t{1'500} << 20;
constexpr std::int64_t samples_per_frame = 160;  // 100 frames a second

void limit(int what, rlim_t value) {
    const rlimit both{value, value};
    ::setrlimit(static_cast<__rlimit_resource>(what), &both);
}

void limit_ourselves() {
#ifndef OTKLIK_SANITIZED
    limit(RLIMIT_AS, memory_max);
#endif
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    [[maybe_unused]] const int nice_now = ::nice(19);
}

struct Input {
    Head head;
    const Utterance* utterances = nullptr;
    const std::int16_t* pcm = nullptr;
    std::int64_t sample_count = 0;
};

bool read_input(Input& in) {
    struct stat info {};
    if (::fstat(input_fd, &info) != 0) return false;
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size < sizeof(Head)) return false;
    const void* map = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, input_fd, 0);
    if (map == MAP_FAILED) return false;
    const char* bytes = static_cast<const char*>(map);
    std::memcpy(&in.head, bytes, sizeof in.head);
    if (in.head.magic != Head{}.magic) return false;
    if (in.head.utterance_count > (size - sizeof(Head)) / sizeof(Utterance)) return false;
    in.utterances = reinterpret_cast<const Utterance*>(bytes + sizeof(Head));
    const std::size_t at = sizeof(Head) + in.head.utterance_count * sizeof(Utterance);
    in.pcm = reinterpret_cast<const std::int16_t*>(bytes + at);
    in.sample_count = static_cast<std::int64_t>((size - at) / sizeof(std::int16_t));
    return true;
}

/// "read(2)" is a second pronunciation of "read"; "<sil>" and "[NOISE]" are no words.
std::string_view written(std::string_view word) {
    if (word.empty() || word[0] == '<' || word[0] == '[' || word[0] == '+') return {};
    return word.substr(0, word.find('('));
}

bool say(const std::string& line) {
    std::size_t done = 0;
    while (done < line.size()) {
        const ssize_t n = ::write(output_fd, line.data() + done, line.size() - done);
        if (n <= 0) return false;
        done += static_cast<std::size_t>(n);
    }
    return true;
}

bool tell_words(ps_decoder_t* decoder, const Utterance& u) {
    logmath_t* math = ps_get_logmath(decoder);
    for (ps_seg_t* seg = ps_seg_iter(decoder); seg; seg = ps_seg_next(seg)) {
        const char* raw = ps_seg_word(seg);
        const std::string_view text = written(raw ? raw : "");
        if (text.empty()) continue;
        int first = 0, last = 0;
        ps_seg_frames(seg, &first, &last);
        const double odds = logmath_exp(math, ps_seg_prob(seg, nullptr, nullptr, nullptr));
        char line[300];
        const std::int64_t begin = u.begin + first * samples_per_frame;
        const std::int64_t end = u.begin + (last + 1) * samples_per_frame;
        std::snprintf(line, sizeof line,
                      "{\"text\":\"%.*s\",\"begin\":%lld,\"end\":%lld,\"confidence\":%.3f}\n",
                      static_cast<int>(text.size() < 100 ? text.size() : 100), text.data(),
                      static_cast<long long>(begin),
                      static_cast<long long>(end < u.end ? end : u.end),
                      odds < 0   ? 0.0
                      : odds > 1 ? 1.0
                                 : odds);
        if (std::strpbrk(line, "\\") != nullptr) continue;  // the dictionary knows none
        if (!say(line)) {
            ps_seg_free(seg);
            return false;
        }
    }
    return true;
}

}  // namespace

int main(int count, char** arguments) {
    limit_ourselves();
    const std::string folder =
        count > 1 && arguments[1][0] != '\0' ? arguments[1] : OTKLIK_SPHINX_MODELS;
    Input in;
    if (!read_input(in)) return exit_bad_input;
    err_set_logfp(nullptr);
    const std::string acoustic = folder + "/en-us", language = folder + "/en-us.lm.bin",
                      words = folder + "/cmudict-en-us.dict";
    // Whole utterances come in, so silence stays and the frames are times.
    cmd_ln_t* config = cmd_ln_init(nullptr, ps_args(), TRUE, "-hmm", acoustic.c_str(), "-lm",
                                   language.c_str(), "-dict", words.c_str(), "-remove_silence",
                                   "no", "-logfn", "/dev/null", nullptr);
    ps_decoder_t* decoder = config ? ps_init(config) : nullptr;
    if (!decoder) return exit_no_model;
    for (std::uint64_t i = 0; i < in.head.utterance_count; ++i) {
        const Utterance u = in.utterances[i];
        if (u.begin < 0 || u.end > in.sample_count || u.begin >= u.end) return exit_bad_input;
        ps_start_utt(decoder);
        ps_process_raw(decoder, in.pcm + u.begin, static_cast<std::size_t>(u.end - u.begin), FALSE,
                       TRUE);
        ps_end_utt(decoder);
        if (!tell_words(decoder, u)) return 0;  // nobody reads any more
    }
    say("{\"done\":true}\n");
    ps_free(decoder);
    cmd_ln_free_r(config);
    return 0;
}
