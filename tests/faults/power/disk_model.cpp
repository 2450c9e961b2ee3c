#include "faults/power/disk_model.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace otklik::faults {

std::vector<Record> read_records(std::string_view log) {
    std::vector<Record> all;
    const auto take = [&log](std::size_t count) {
        if (count > log.size()) throw std::runtime_error("the log ends within a record");
        const std::string_view taken = log.substr(0, count);
        log.remove_prefix(count);
        return taken;
    };
    while (!log.empty()) {
        Record record;
        std::memcpy(&record.head, take(sizeof(Head)).data(), sizeof(Head));
        record.first = take(record.head.first_bytes);
        record.second = take(record.head.second_bytes);
        record.bytes = take(record.head.bytes);
        all.push_back(record);
    }
    return all;
}

void change_bytes(std::string& bytes, const LooseWrite& write) {
    const auto offset = static_cast<std::size_t>(write.offset);
    if (write.is_cut) return bytes.resize(offset);
    bytes.resize(std::max(bytes.size(), offset + write.bytes.size()));
    std::copy(write.bytes.begin(), write.bytes.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

DiskModel::DiskModel(Forget forget) : forget_(forget), top_(std::make_shared<Node>()) {
    top_->is_folder = true;
}

Node& DiskModel::folder_of(std::string_view path, std::string& name) {
    const auto slash = path.rfind('/');
    name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
    const NodePtr folder = slash == std::string_view::npos ? top_ : find(path.substr(0, slash));
    if (!folder || !folder->is_folder)
        throw std::runtime_error("no folder of " + std::string(path) + ": an operation was missed");
    return *folder;
}

NodePtr DiskModel::find(std::string_view path) {
    NodePtr node = top_;
    while (node && !path.empty() && path != ".") {
        const auto slash = std::min(path.find('/'), path.size());
        const auto there = node->seen.find(path.substr(0, slash));
        node = there == node->seen.end() ? nullptr : there->second;
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return node;
}

void DiskModel::set_name(std::size_t number, std::string_view path, const NodePtr& node) {
    std::string name;
    Node& folder = folder_of(path, name);
    if (node)
        folder.seen[name] = node;
    else
        folder.seen.erase(name);
    folder.loose_names.push_back({number, name, node, {}, {}});
    if (node) paths_[node.get()] = path;
}

NodePtr DiskModel::add(std::size_t number, const Record& record) {
    auto node = std::make_shared<Node>();
    node->number = ++count_;
    node->is_folder = record.head.op == Op::folder;
    by_ino_[record.head.ino] = node;
    set_name(number, record.first, node);
    return node;
}

void DiskModel::rename(std::size_t number, const Record& record) {
    const NodePtr node = find(record.first);
    if (!node) throw std::runtime_error("renamed from nowhere: " + std::string(record.first));
    std::string old_name, new_name;
    Node& before = folder_of(record.first, old_name);
    const Node* after = &folder_of(record.second, new_name);
    set_name(number, record.second, node);
    set_name(number, record.first, nullptr);
    LooseName& gone = before.loose_names.back();
    for (const auto& each : by_ino_)
        if (each.second.get() == after) gone.new_folder = each.second;
    if (after == top_.get()) gone.new_folder = top_;
    gone.new_name = new_name;
}

bool DiskModel::is_forgotten(const Node& node) const {
    if (forget_ == Forget::nothing) return false;
    if (forget_ == Forget::all) return true;
    if (forget_ == Forget::folders) return node.is_folder;
    const auto path = paths_.find(&node);
    if (path == paths_.end()) return false;
    if (forget_ == Forget::journal) return path->second.ends_with("-wal");
    return path->second.find("/media/") != std::string::npos ||
           path->second.find("/tmp/") != std::string::npos;
}

void DiskModel::sync(Node& node) {
    if (is_forgotten(node)) return;
    if (node.loose.empty() && node.loose_names.empty()) return;
    ++node.syncs;
    for (const LooseWrite& write : node.loose) change_bytes(node.kept, write);
    node.loose.clear();
    const auto changes = std::move(node.loose_names);
    node.loose_names.clear();
    for (const LooseName& change : changes) {
        if (change.node) {
            node.kept_names[change.name] = change.node;
            continue;
        }
        // A journal writes both halves of a rename, whichever folder was asked for.
        if (const NodePtr other = change.new_folder.lock(); other && other.get() != &node)
            std::erase_if(other->loose_names, [&](const LooseName& each) {
                if (each.record != change.record) return false;
                other->kept_names[each.name] = each.node;
                ++other->syncs;
                return true;
            });
        node.kept_names.erase(change.name);
    }
}

void DiskModel::apply(std::size_t number, const Record& record) {
    const Head& head = record.head;
    const auto node_of = [&]() -> Node& {
        if (const auto known = by_ino_.find(head.ino); known != by_ino_.end())
            return *known->second;
        if (head.op == Op::sync) return *top_;  // the only folder that stood before
        throw std::runtime_error("a write into a file that nobody made: record " +
                                 std::to_string(number));
    };
    switch (head.op) {
        case Op::make:
        case Op::folder:
            add(number, record);
            return;
        case Op::write:
        case Op::cut:
            node_of().loose.push_back({number, head.offset, record.bytes, head.op == Op::cut});
            return;
        case Op::sync:
            return sync(node_of());
        case Op::rename:
            return rename(number, record);
        case Op::link:
            return set_name(number, record.second, find(record.first));
        case Op::unlink:
            return set_name(number, record.first, nullptr);
        case Op::said:
            return;
    }
}

}  // namespace otklik::faults
