#pragma once
// The disk under the program, as the records of the shim tell it: what is surely there after a
// power cut, and what may be. Harder than any one file system: an fsync of a file says nothing of
// its name, what was not synced is kept or lost write by write, in any order. Kinder in one point:
// a rename never loses both names. Thread: one.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "faults/shim/record.h"

namespace otklik::faults {

/// Views into the log.
struct Record {
    Head head;
    std::string_view first, second, bytes;
};
/// Throws std::runtime_error when the log ends within a record.
std::vector<Record> read_records(std::string_view log);

struct Node;
using NodePtr = std::shared_ptr<Node>;
using Names = std::map<std::string, NodePtr, std::less<>>;

/// A change of a file's bytes or length that no sync has confirmed.
struct LooseWrite {
    std::size_t record = 0;
    std::int64_t offset = 0;  // of a cut: the length
    std::string_view bytes;
    bool is_cut = false;
};
/// A change of a name that no sync of its folder has confirmed. No node: the name goes.
struct LooseName {
    std::size_t record = 0;
    std::string name;
    NodePtr node;
    /// The old name of a rename goes not before the new one stands: there, and once it is done.
    std::weak_ptr<Node> new_folder;
    std::string new_name;
};

struct Node {
    std::uint64_t number = 0;  // given once
    bool is_folder = false;
    std::uint64_t syncs = 0;  // changes of what is surely there
    std::string kept;         // of a file: the bytes surely there
    std::vector<LooseWrite> loose;
    Names seen, kept_names;  // of a folder: what the program sees, and what is surely there
    std::vector<LooseName> loose_names;
};

/// Which syncs of the program are forgotten, for the proof that the campaign can fail.
enum class Forget { nothing, all, folders, media, journal };

class DiskModel {
public:
    /// `top`: what stood in the folder when the log began is nothing.
    explicit DiskModel(Forget forget);
    /// Throws std::runtime_error when the record does not fit what was before.
    void apply(std::size_t number, const Record& record);
    const Node& top() const { return *top_; }

private:
    Node& folder_of(std::string_view path, std::string& name);
    NodePtr find(std::string_view path);
    NodePtr add(std::size_t number, const Record& record);
    void set_name(std::size_t number, std::string_view path, const NodePtr& node);
    void rename(std::size_t number, const Record& record);
    void sync(Node& node);
    bool is_forgotten(const Node& node) const;

    const Forget forget_;
    NodePtr top_;
    std::map<std::uint64_t, NodePtr> by_ino_;
    std::map<const Node*, std::string> paths_;  // where each was made or renamed to, for `forget`
    std::uint64_t count_ = 0;
};

/// The bytes after one more change.
void change_bytes(std::string& bytes, const LooseWrite& write);

}  // namespace otklik::faults
