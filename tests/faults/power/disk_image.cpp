#include "faults/power/disk_image.h"

#include <fcntl.h>

#include <filesystem>
#include <functional>

#include "base/files.h"

namespace otklik::faults {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sector_sizes[] = {512, 4096};

class Maker {
public:
    Maker(Variant variant, std::uint64_t dice)
        : variant_(variant),
          dice_(dice),
          is_by_chance_(variant == Variant::some || variant == Variant::torn) {
        // Between nearly nothing and nearly all: the middle alone would never lose one of hundreds.
        share_ = static_cast<double>(1 + dice_() % 15) / 16;
    }
    std::vector<ImageFile> make(const Node& top) {
        choose_renames(top);
        walk(top, "");
        return std::move(image_);
    }

private:
    bool chance() { return static_cast<double>(dice_() % 1'000) < share_ * 1'000; }

    bool keeps_name() {
        if (is_by_chance_) return chance();
        return variant_ == Variant::names || variant_ == Variant::all;
    }

    /// Both halves of a rename are chosen together where the old name goes.
    void choose_renames(const Node& folder) {
        for (const LooseName& each : folder.loose_names) {
            auto& chosen = names_[{&folder, each.record, each.name}];
            chosen = chosen || keeps_name();
            if (const NodePtr other = each.new_folder.lock(); other && !each.node && chosen)
                names_[{other.get(), each.record, each.new_name}] = true;
        }
        for (const auto& each : folder.seen)
            if (each.second->is_folder) choose_renames(*each.second);
    }

    void walk(const Node& folder, const std::string& path) {
        Names names = folder.kept_names;
        for (const LooseName& each : folder.loose_names) {
            if (!names_[{&folder, each.record, each.name}]) continue;
            if (each.node)
                names[each.name] = each.node;
            else
                names.erase(each.name);
        }
        for (const auto& [name, node] : names) {
            const std::string below = path.empty() ? name : path + "/" + name;
            if (node->is_folder) {
                image_.push_back({below, node.get(), "folder", {}});
                walk(*node, below);
            } else {
                image_.push_back(file(*node, below));
            }
        }
    }

    ImageFile file(const Node& node, const std::string& path) {
        ImageFile made{
            path, &node, std::to_string(node.number) + "." + std::to_string(node.syncs), {}};
        const bool keeps_all = variant_ == Variant::bytes || variant_ == Variant::all;
        if (node.loose.empty() || !(keeps_all || is_by_chance_)) return made;
        std::string bytes = node.kept;
        for (const LooseWrite& write : node.loose) {
            if (keeps_all || chance()) {
                change_bytes(bytes, write);
                made.key += "+" + std::to_string(write.record);
            } else if (variant_ == Variant::torn && !write.is_cut) {
                made.key += tear(bytes, write);
            }
        }
        made.changed = std::make_shared<const std::string>(std::move(bytes));
        return made;
    }

    /// Some sectors of a write, or only the length that it gave to the file.
    std::string tear(std::string& bytes, const LooseWrite& write) {
        const std::size_t sector = sector_sizes[dice_() % 2];
        const std::uint64_t mask = dice_() & dice_();
        if (dice_() % 4 == 0) return {};
        const auto begin = static_cast<std::size_t>(write.offset);
        const auto end = begin + write.bytes.size();
        if (dice_() % 2 == 0) bytes.resize(std::max(bytes.size(), end));
        for (std::size_t at = begin; at < end;) {
            const std::size_t next = std::min(end, (at / sector + 1) * sector);
            if ((mask >> (at / sector % 64)) & 1)
                change_bytes(bytes, {write.record, static_cast<std::int64_t>(at),
                                     write.bytes.substr(at - begin, next - at), false});
            at = next;
        }
        return "~" + std::to_string(write.record) + "." + std::to_string(mask) + "." +
               std::to_string(sector) + "." + std::to_string(bytes.size());
    }

    struct Choice {
        const Node* folder;
        std::size_t record;
        std::string name;
        auto operator<=>(const Choice&) const = default;
    };
    const Variant variant_;
    std::mt19937_64 dice_;
    const bool is_by_chance_;
    double share_ = 0.5;
    std::map<Choice, bool> names_;
    std::vector<ImageFile> image_;
};

/// What a start of the program changes.
bool is_volatile(const std::string& path) {
    return path.starts_with("keys/") || path.find("otklik.db") != std::string::npos ||
           path.find("/tmp") != std::string::npos;
}

}  // namespace

std::vector<ImageFile> make_image(const DiskModel& model, Variant variant, std::uint64_t dice) {
    return Maker(variant, dice).make(model.top());
}

std::uint64_t key_of(const std::vector<ImageFile>& image) {
    std::string all;
    for (const ImageFile& each : image) ((all += each.path) += '=') += each.key + '\n';
    return std::hash<std::string>()(all);
}

ImageFolder::ImageFolder(std::string folder) : folder_(std::move(folder)) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
}

bool ImageFolder::stands(const ImageFile& file) const {
    const auto placed = placed_.find(file.path);
    return placed != placed_.end() && placed->second == file.key && !is_volatile(file.path) &&
           fs::exists(folder_ + "/" + file.path);
}

void ImageFolder::place(const std::vector<ImageFile>& image) {
    std::map<std::string, std::string> wanted;
    for (const ImageFile& each : image) wanted[each.path] = each.key;
    std::vector<std::string> others;
    for (const auto& each : fs::recursive_directory_iterator(folder_)) {
        const std::string path = fs::path(each.path()).lexically_relative(folder_).string();
        const auto known = wanted.find(path);
        if (known == wanted.end() || (known->second == "folder") != each.is_directory())
            others.push_back(path);
    }
    for (const std::string& path : others) fs::remove_all(folder_ + "/" + path);
    for (const ImageFile& each : image) {
        if (stands(each)) continue;
        const std::string path = folder_ + "/" + each.path;
        if (each.is_folder()) {
            fs::create_directories(path);
            continue;
        }
        const Fd file = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
        write_all(file.get(), each.bytes());
    }
    placed_ = std::move(wanted);
}

const std::string& ImageFolder::key(const std::string& path) const {
    static const std::string nothing;
    const auto placed = placed_.find(path);
    return placed == placed_.end() ? nothing : placed->second;
}

}  // namespace otklik::faults
