// JSON of requests: whatever comes in is read or refused as Error{invalid}; what was read is
// written and read equal.
#include <cstdlib>

#include "base/error.h"
#include "base/fields.h"
#include "paper/list_table.h"

namespace otklik {
namespace {

struct Part {
    std::int64_t count = 0;
    std::optional<std::string> note;
    std::vector<Part> parts;
    void fields(FieldSink& f) {
        f.integer("count", count, {.min = -5, .max = 1'000'000});
        f.text("note", note, {.bytes_max = 50});
        f.list("parts", parts, 20);
    }
};

struct Whole {
    std::optional<Instant> at;
    std::optional<std::int64_t> day;
    std::optional<double> weight;
    std::optional<Part> part;
    std::vector<std::string> tags;
    std::vector<std::int64_t> numbers;
    std::string body;
    void fields(FieldSink& f) {
        f.instant("at", at);
        f.day("day", day);
        f.number("weight", weight);
        f.object("part", part);
        f.texts("tags", tags, 10, {.bytes_max = 20});
        f.integers("numbers", numbers, 10);
        f.json("body", body, 10'000);
    }
};

}  // namespace
}  // namespace otklik

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace otklik;
    try {
        Whole whole = from_json<Whole>({reinterpret_cast<const char*>(data), size});
        const std::string text = to_json(whole);
        Whole again = from_json<Whole>(text);
        if (to_json(again) != text) std::abort();
        std::string csv;
        const auto writer = make_csv_writer({}, [&](std::string_view bytes) { csv += bytes; });
        ListTable(*writer).add([&](FieldSink& f) { whole.fields(f); });
        if (csv.empty()) std::abort();
    } catch (const Error& error) {
        if (error.fault() != Fault::invalid) std::abort();
    }
    return 0;
}
