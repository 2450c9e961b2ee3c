#pragma once
// One of the disks that a power cut may leave behind, and its place in a real folder. Thread: one.
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "faults/power/disk_model.h"

namespace otklik::faults {

/// What the cut keeps of that which no sync has confirmed.
enum class Variant {
    nothing,
    names,  // names but no bytes: files of no length after a rename
    some,   // any of the names and writes
    torn,   // the same, and writes at borders of 512 or 4096 bytes; lengths without their bytes
    bytes,  // bytes but no names
    all,    // as if only the process died
};
inline constexpr std::string_view variant_words[] = {"nothing", "names", "some",
                                                     "torn",    "bytes", "all"};

struct ImageFile {
    std::string path;
    const Node* node = nullptr;
    std::string key;                             // equal keys of one path: equal bytes
    std::shared_ptr<const std::string> changed;  // only where they are not those surely there
    bool is_folder() const { return node->is_folder; }
    const std::string& bytes() const { return changed ? *changed : node->kept; }
};
/// `dice` decides what is left to chance. Holds until the model changes.
std::vector<ImageFile> make_image(const DiskModel& model, Variant variant, std::uint64_t dice);
/// Equal for equal images.
std::uint64_t key_of(const std::vector<ImageFile>& image);

/// Holds an image; the next one writes only what differs. Whoever looks at it may change what is
/// volatile (the database, drafts), and of the rest may only remove.
class ImageFolder {
public:
    explicit ImageFolder(std::string folder);
    void place(const std::vector<ImageFile>& image);
    const std::string& folder() const { return folder_; }
    /// What make_image called its content.
    const std::string& key(const std::string& path) const;

private:
    bool stands(const ImageFile& file) const;

    const std::string folder_;
    std::map<std::string, std::string> placed_;
};

}  // namespace otklik::faults
