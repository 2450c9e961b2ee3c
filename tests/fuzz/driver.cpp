// Stands in for libFuzzer where it is not installed: runs the files given, then mutations of them
// by a stated seed.
//   json_fuzz [--runs N] [--seed S] file…
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

namespace {

void run(const std::string& bytes) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

void mutate(std::string& bytes, const std::vector<std::string>& seeds, std::mt19937_64& chance) {
    const auto below = [&](std::size_t n) {
        return n == 0 ? 0 : static_cast<std::size_t>(chance() % n);
    };
    switch (below(5)) {
        case 0:
            bytes.insert(below(bytes.size() + 1), 1, static_cast<char>(chance()));
            break;
        case 1:
            bytes.erase(below(bytes.size()), 1 + below(8));
            break;
        case 2:
            if (!bytes.empty()) bytes[below(bytes.size())] = static_cast<char>(chance());
            break;
        case 3:
            bytes.insert(below(bytes.size() + 1), bytes.substr(below(bytes.size()), below(40)));
            break;
        default: {
            const std::string& other = seeds[below(seeds.size())];
            bytes.insert(below(bytes.size() + 1), other.substr(below(other.size()), below(60)));
        }
    }
}

}  // namespace

int main(int count, char** words) {
    std::size_t runs = 100'000;
    std::uint64_t seed = 1;
    std::vector<std::string> seeds;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--runs" && i + 1 < count) {
            runs = std::strtoull(words[++i], nullptr, 10);
        } else if (word == "--seed" && i + 1 < count) {
            seed = std::strtoull(words[++i], nullptr, 10);
        } else {
            std::ifstream file(words[i], std::ios::binary);
            seeds.emplace_back(std::istreambuf_iterator<char>(file),
                               std::istreambuf_iterator<char>());
        }
    }
    if (seeds.empty()) seeds.emplace_back("{}");
    for (const std::string& each : seeds) run(each);
    std::mt19937_64 chance(seed);
    for (std::size_t i = 0; i < runs; ++i) {
        std::string bytes = seeds[chance() % seeds.size()];
        for (std::size_t n = chance() % 6; n > 0; --n) mutate(bytes, seeds, chance);
        run(bytes);
    }
    std::printf("%zu runs, seed %llu\n", runs, static_cast<unsigned long long>(seed));
}
