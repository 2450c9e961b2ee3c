// Foreign sound by the thousand through the server's own decode_audio: a file's bytes come on
// standard input behind their length (u32, little-endian), a line for each goes out: its code,
// rate, frames, failed packets. Driver of the campaign `mutants`; the memory and the children of
// this process are the campaign's to watch.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "media/decode.h"

namespace {

using namespace otklik;

constexpr std::uint32_t bytes_max = 64 << 20;
constexpr std::int64_t seconds_max = 7 * 86'400;  // as for an upload

bool read_whole(char* to, std::size_t count) {
    while (count > 0) {
        const ssize_t got = ::read(STDIN_FILENO, to, count);
        if (got <= 0) return false;
        to += got;
        count -= static_cast<std::size_t>(got);
    }
    return true;
}

std::string look_at(const std::string& helper, const std::string& bytes) {
    const Fd file(::memfd_create("mutant", MFD_CLOEXEC));
    if (!file) throw_errno("memfd_create");
    write_all(file.get(), bytes);
    std::int64_t frames = 0;
    const auto count = [&](const PcmBlock& block) {
        frames += static_cast<std::int64_t>(block.samples.size()) / block.channels;
    };
    try {
        const DecodedInfo info =
            decode_audio(helper, file.get(), {.seconds_max = seconds_max}, count);
        if (frames != info.frame_count) return "frames_differ";
        return "ok " + std::to_string(info.rate) + " " + std::to_string(frames) + " " +
               std::to_string(info.failed_packets);
    } catch (const Error& error) {
        return error.code() + " " + error.detail();
    }
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) return 2;
    for (std::uint32_t length = 0; read_whole(reinterpret_cast<char*>(&length), sizeof length);) {
        if (length > bytes_max) return 2;
        std::string bytes(length, '\0');
        if (!read_whole(bytes.data(), length)) return 2;
        std::printf("%s\n", look_at(words[1], bytes).c_str());
        std::fflush(stdout);
    }
    return 0;
}
