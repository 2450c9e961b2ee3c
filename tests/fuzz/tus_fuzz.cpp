// Heads of resumable uploads: metadata and checksum. What is taken keeps its promises: keys of
// visible ASCII, each once, values of UTF-8; a digest of its algorithm's length.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "web/api/tus.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace otklik;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const TusMetadata all = parse_tus_metadata(text);
        for (const auto& [key, value] : all) {
            if (key.empty() || !is_utf8(value) || tus_value(all, key) != value) std::abort();
            for (const char c : key)
                if (c <= ' ' || c >= 127) std::abort();
        }
    } catch (const Error& e) {
        if (e.fault() == Fault::internal) std::abort();
    }
    try {
        const UploadChecksum checksum = parse_tus_checksum(text);
        const std::size_t bytes = checksum.digest.size();
        if (checksum.kind == ChecksumKind::sha1 && bytes != 20) std::abort();
        if (checksum.kind == ChecksumKind::sha256 && bytes != 32) std::abort();
    } catch (const Error& e) {
        if (e.fault() == Fault::internal) std::abort();
    }
    return 0;
}
