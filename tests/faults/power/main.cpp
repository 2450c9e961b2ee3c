// Replays the log of a day and cuts the power after every operation:
//   otklik-power-cuts LOG EXPECTATIONS WORK KEY=VALUE...
//   seed=1 share=1 (of the cut points) part=0 parts=1 (every parts-th of them) forget=nothing
//   at=RECORD (this cut only, its images are kept) variants=nothing,names,some,torn,bytes,all
//   samples=0 (of so many images a copy stays in WORK/samples)
// The last line is what was done, in words KEY=VALUE; lines before it tell what is wrong.
#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <unordered_set>

#include "base/log.h"
#include "faults/power/checker.h"
#include "faults/power/words.h"

namespace otklik::faults {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t told_max = 20;
constexpr std::string_view op_words[] = {"make",   "folder", "write",  "cut", "sync",
                                         "rename", "link",   "unlink", "said"};
constexpr std::string_view forget_words[] = {"nothing", "all", "folders", "media", "journal"};

std::string read_whole(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// One number from several, well mixed (splitmix64).
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    std::uint64_t z = a * 0x9E3779B97F4A7C15U + b + 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

class Campaign {
public:
    Campaign(int count, char** words)
        : log_(read_whole(words[1])),
          records_(read_records(log_)),
          work_(words[3]),
          expectations_(read_expectations(words[2], records_)) {
        for (int i = 4; i < count; ++i) {
            const std::string word = words[i];
            const auto equals = word.find('=');
            options_[word.substr(0, equals)] = word.substr(equals + 1);
        }
        image_ = std::make_unique<ImageFolder>(work_ + "/image");
        checker_ = std::make_unique<Checker>(*image_, expectations_);
        read_variants();
    }

    void run() {
        const auto forget = std::find(std::begin(forget_words), std::end(forget_words),
                                      option("forget", "nothing"));
        DiskModel model(static_cast<Forget>(forget - std::begin(forget_words)));
        const std::uint64_t only = number("at", 0);
        for (std::size_t i = 0; i < records_.size() && told_ < told_max; ++i) {
            model.apply(i, records_[i]);
            if (records_[i].head.op == Op::said) continue;
            ++operations_;
            if (only ? i == only : is_chosen(i)) cut(model, i);
        }
        if (number("whole", 0)) compare(model);
        std::printf("operations=%zu cuts=%zu images=%zu held=%zu acknowledged=%zu samples=%zu\n",
                    operations_, cuts_, seen_.size(), checker_->held(), expectations_.all.size(),
                    samples_);
    }

private:
    std::string option(const std::string& name, const std::string& otherwise) const {
        const auto stated = options_.find(name);
        return stated == options_.end() ? otherwise : stated->second;
    }
    std::uint64_t number(const std::string& name, std::uint64_t otherwise) const {
        return number_in<std::uint64_t>(option(name, std::to_string(otherwise)));
    }

    void read_variants() {
        const std::string wanted =
            "," + option("variants", "nothing,names,some,torn,bytes,all") + ",";
        for (std::size_t i = 0; i < std::size(variant_words); ++i)
            if (wanted.find("," + std::string(variant_words[i]) + ",") != std::string::npos)
                variants_.push_back(static_cast<Variant>(i));
    }

    bool is_chosen(std::size_t record) const {
        if (operations_ % number("parts", 1) != number("part", 0)) return false;
        const double share = number_in<double>(option("share", "1"));
        return static_cast<double>(mix(number("seed", 1), record) % 100'000) < share * 100'000;
    }

    void cut(const DiskModel& model, std::size_t record) {
        ++cuts_;
        const bool is_write = records_[record].head.op == Op::write;
        for (const Variant variant : variants_) {
            // All bytes of a write more are what a kill leaves; those images are many and alike.
            if (is_write && (variant == Variant::bytes || variant == Variant::all)) continue;
            const std::uint64_t dice = mix(mix(number("seed", 1), record), std::uint64_t(variant));
            const auto made = make_image(model, variant, dice);
            const auto key = std::pair{key_of(made), held_after(record + 1)};
            if (!seen_.insert(key).second) continue;
            image_->place(made);
            if (number("at", 0)) keep(record, variant, "kept");
            for (const std::string& problem : checker_->check(record + 1, dice % 8 == 0))
                if (told_++ < told_max) tell(record, variant, problem);
            if (static_cast<double>(mix(dice, 7) % 1'000'000) < sampled_of_million())
                sample(made, record, variant);
        }
    }

    double sampled_of_million() const {
        constexpr double images_a_cut = 2.5;  // about
        const double images = static_cast<double>(records_.size()) *
                              number_in<double>(option("share", "1")) * images_a_cut;
        return static_cast<double>(number("samples", 0)) * 1e6 / (images + 1);
    }

    /// An image is to be looked at anew when more must be in it.
    std::size_t held_after(std::size_t count) const {
        std::size_t held = 0;
        for (const Acknowledged& each : expectations_.all) held += each.since < count ? 1 : 0;
        return held;
    }

    void tell(std::size_t record, Variant variant, const std::string& problem) const {
        const Record& last = records_[record];
        std::printf("cut after record %zu (%s %s), %s: %s\n", record,
                    std::string(op_words[std::size_t(last.head.op)]).c_str(),
                    std::string(last.first).c_str(),
                    std::string(variant_words[std::size_t(variant)]).c_str(), problem.c_str());
        std::fflush(stdout);
    }

    void keep(std::size_t record, Variant variant, const std::string& where) const {
        const std::string to = work_ + "/" + where + "/" + std::to_string(record) + "-" +
                               std::string(variant_words[std::size_t(variant)]);
        fs::create_directories(to);
        fs::copy(image_->folder(), to, fs::copy_options::recursive);
    }

    /// For a start of the real program; beside it the lines of what must be there.
    void sample(const std::vector<ImageFile>& made, std::size_t record, Variant variant) {
        ++samples_;
        image_->place(made);
        keep(record, variant, "samples");
        const std::string name = work_ + "/samples/" + std::to_string(record) + "-" +
                                 std::string(variant_words[std::size_t(variant)]) + "/due";
        std::ofstream due(name);
        for (const Acknowledged& each : expectations_.all)
            if (each.since <= record && (each.until == 0 || record + 1 < each.until))
                due << each.name << '\n';
    }

    /// The model at the end against the folder itself: no operation was missed.
    void compare(const DiskModel& model) {
        const std::string folder = option("folder", "");
        std::set<std::string> there;
        for (const auto& each : fs::recursive_directory_iterator(folder))
            if (!each.is_directory() && each.is_regular_file())
                there.insert(fs::path(each.path()).lexically_relative(folder).string());
        for (const ImageFile& each : make_image(model, Variant::all, 0)) {
            if (each.is_folder()) continue;
            if (there.erase(each.path) == 0)
                missed("is in the model only: " + each.path);
            else if (read_whole(folder + "/" + each.path) != each.bytes())
                missed("has other bytes in the model: " + each.path);
        }
        for (const std::string& path : there)
            if (!path.ends_with("-shm")) missed("is not in the model: " + path);
    }
    void missed(const std::string& what) {
        if (told_++ < told_max) std::printf("the shim missed something: %s\n", what.c_str());
    }

    const std::string log_;
    const std::vector<Record> records_;
    const std::string work_;
    const Expectations expectations_;
    std::map<std::string, std::string> options_;
    std::vector<Variant> variants_;
    std::unique_ptr<ImageFolder> image_;
    std::unique_ptr<Checker> checker_;
    std::set<std::pair<std::uint64_t, std::size_t>> seen_;
    std::size_t operations_ = 0, cuts_ = 0, told_ = 0, samples_ = 0;
};

}  // namespace
}  // namespace otklik::faults

int main(int count, char** words) {
    if (count < 4) return 2;
    // What a start says of leftovers is no news here.
    otklik::set_log_level(otklik::LogLevel::error);
    try {
        otklik::faults::Campaign(count, words).run();
    } catch (const std::exception& error) {
        std::printf("the campaign broke: %s\n", error.what());
        return 1;
    }
    return 0;
}
