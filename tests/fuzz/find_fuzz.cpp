// What is typed to find things: any bytes are read without a fault, within the limits.
#include <cstdlib>

#include "web/api/find_query.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace otklik;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const FindQuery query = parse_find(text, 20'775);
    if (query.words.size() > find_words_max) std::abort();
    if (query.minute && (*query.minute < 0 || *query.minute >= 24 * 60)) std::abort();
    for (const std::string& word : query.words)
        if (word.empty()) std::abort();
    // The words of a text begin themselves.
    if (query.words.size() < find_words_max && !query.minute && !query.day &&
        !find_fits(query, text))
        std::abort();
    return 0;
}
