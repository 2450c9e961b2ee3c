// Fuzz target of the batches of a live recorder (media/chunk.h): what is read comes out as it went
// in. The hash keeps a fuzzer out, so with the first bit set each chunk is given a right one.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/hash.h"
#include "media/chunk.h"

using namespace otklik;

namespace {

constexpr std::size_t batch_head = 52, chunk_head = 72, hash_at = 40, length_at = 36;

void mend_hashes(std::string& bytes) {
    for (std::size_t at = batch_head; at + chunk_head <= bytes.size();) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i)
            length |= std::size_t{static_cast<std::uint8_t>(bytes[at + length_at + i])} << (8 * i);
        if (length > bytes.size() - at - chunk_head) return;
        bytes.replace(at + hash_at, 32, sha256(bytes.substr(at + chunk_head, length)));
        at += chunk_head + length;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (data[0] & 1) mend_hashes(bytes);
    try {
        const ChunkBatch batch = parse_batch(bytes);
        if (batch_bytes(batch) != bytes) std::abort();
    } catch (const Error& error) {
        if (error.fault() != Fault::invalid) std::abort();
    }
    return 0;
}
