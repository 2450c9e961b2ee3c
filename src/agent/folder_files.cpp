#include "agent/folder_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "base/calendar.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"

namespace otklik {
namespace {

namespace json = boost::json;

constexpr std::string_view json_type = "application/json", bytes_type = "application/octet-stream";
constexpr Duration ask_again_after = Duration::seconds(60);

std::string text_in(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

/// What the server answered.
struct FolderFiles::Said {
    int status = 0;
    std::string id, state;    // state empty: refused with code
    std::string code, words;  // of a problem, or of what became of the file
    std::int64_t bytes_done = 0;

    /// The file itself is wrong: whatever people mend, it will not be taken.
    bool is_verdict() const {
        return state.empty() && (code == "upload.too_large" || code.starts_with("audio."));
    }
};

FolderFiles::FolderFiles(std::string path, SendRequest send, std::string token, const Clock& clock,
                         std::size_t piece_bytes)
    : path_(std::move(path)),
      send_(std::move(send)),
      token_(std::move(token)),
      clock_(clock),
      piece_bytes_(piece_bytes) {}

FolderFiles::Round FolderFiles::look() {
    const Fd folder(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder)
        throw Error(Fault::unavailable, "folder.unreadable",
                    {{"path", path_}, {"why", std::strerror(errno)}});
    Round round;
    std::vector<std::string> strange;
    still_.begin_round();
    std::map<std::string, Instant> waits;  // of files that are still there
    each_file(folder, strange, [&](const Fd& at, const DropFile& file) {
        const bool still = still_.stands_still(file.below + file.name, file, clock_.now());
        const auto later = not_before_.find(file.mark);
        if (later != not_before_.end()) waits.insert(*later);
        if (!still || (later != not_before_.end() && clock_.now() < later->second)) {
            ++round.waiting;
            return;
        }
        if (!round.away) carry_or_wait(at, file, round);
        if (const auto now = not_before_.find(file.mark); now != not_before_.end())
            waits.insert_or_assign(now->first, now->second);
    });
    still_.end_round();
    not_before_ = std::move(waits);
    return round;
}

/// One file that cannot be read does not hold up the others.
void FolderFiles::carry_or_wait(const Fd& folder, const DropFile& file, Round& round) {
    try {
        carry(folder, file, round);
    } catch (const Error& error) {
        if (error.code() == "folder.not_writable") throw;
        log_error("record.file_failed",
                  {{"file", shown_name(file.name)}, {"detail", error.what()}});
        not_before_[file.mark] = clock_.now() + ask_again_after;
        ++round.waiting;
    }
}

void FolderFiles::carry(const Fd& folder, const DropFile& file, Round& round) {
    Said said;
    try {
        said = announce(file);
        if (said.state == "open") said = send_pieces(folder, file, said);
    } catch (const Error& error) {
        if (error.fault() != Fault::unavailable) throw;
        log_warning("record.away", {{"detail", error.what()}});
        round.away = true;
        return;
    }
    const std::string shown = shown_name(file.name);
    if (said.state == "done") {
        if (!move_aside(folder, file, drop_done, {}, path_)) return;
        ++round.carried;
        log_info("record.file_done", {{"file", shown}});
        return;
    }
    if (said.state == "refused" || said.state == "gone" || said.is_verdict()) {
        if (!move_aside(folder, file, drop_refused, said.words + "\n(" + said.code + ")", path_))
            return;
        ++round.carried;
        ++round.refused;
        log_error("record.file_refused", {{"file", shown}, {"detail", said.code}});
        return;
    }
    ++round.waiting;
    round.away = said.status == 401 || said.status == 429 || said.status >= 500;
    // The next round goes on; so it does where the server has another offset than was told.
    if (said.state == "open" || said.state == "whole" || said.code.starts_with("upload.")) return;
    // A person answers in the desk, places the recorder, fills in the card: asked now and then.
    not_before_[file.mark] = clock_.now() + ask_again_after;
    log_warning("record.file_waits",
                {{"file", shown}, {"status", std::to_string(said.status)}, {"detail", said.code}});
}

FolderFiles::Said FolderFiles::announce(const DropFile& file) {
    return ask("POST", "/api/v1/agent/files", std::string(json_type),
               json::serialize(json::object{{"name", cut_bytes(shown_name(file.name), 400)},
                                            {"path", file.word()},
                                            {"mark", file.mark},
                                            {"bytes", file.bytes},
                                            {"modified_at", format_instant(file.modified_at)}}));
}

FolderFiles::Said FolderFiles::send_pieces(const Fd& folder, const DropFile& file, Said said) {
    const Fd from(
        ::openat(folder.get(), file.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!from) throw_errno("open a file of the folder");
    std::string piece(piece_bytes_, '\0');
    while (said.state == "open") {
        struct stat info {};
        if (::fstat(from.get(), &info) != 0) throw_errno("stat a file of the folder");
        const auto now = DropFile::of(file.name, info);
        if (!now || now->mark != file.mark) return said;  // it grew after all
        const std::size_t count = read_at(from.get(), said.bytes_done, piece);
        if (count == 0) return said;
        const std::string bytes = piece.substr(0, count);
        Said answer =
            ask("PUT",
                "/api/v1/agent/files/" + said.id + "?offset=" + std::to_string(said.bytes_done) +
                    "&sha256=" + hex(sha256(bytes)),
                std::string(bytes_type), bytes);
        if (answer.state.empty()) return answer;
        if (answer.state == "open" && answer.bytes_done <= said.bytes_done) return answer;
        said = answer;
    }
    return said;
}

FolderFiles::Said FolderFiles::ask(std::string_view method, const std::string& target,
                                   const std::string& type, const std::string& body) {
    const ClientResponse answer = send_(
        method, target, {{"Authorization", "Bearer " + token_}, {"Content-Type", type}}, body);
    Said said;
    said.status = answer.status;
    boost::system::error_code bad;
    const json::value value = json::parse(answer.body, bad);
    if (bad || !value.is_object()) return said;
    const json::object& object = value.as_object();
    if (answer.status == 200 || answer.status == 201) {
        said.id = text_in(object, "id");
        said.state = text_in(object, "state");
        said.code = text_in(object, "reason");
        said.words = text_in(object, "reason_text");
        if (const auto* done = object.if_contains("bytes_done"); done && done->is_int64())
            said.bytes_done = done->as_int64();
        return said;
    }
    said.code = text_in(object, "code");
    said.words = text_in(object, "title");
    return said;
}

}  // namespace otklik
