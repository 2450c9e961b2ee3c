#include "store/audit_chain.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/files.h"
#include "base/folders.h"
#include "base/hash.h"
#include "base/text.h"

namespace otklik {
namespace {

constexpr std::string_view head_word = "otklik-audit-head";
constexpr std::string_view restore_word = "otklik-audit-restore";

std::optional<std::string> from_hex(std::string_view text, std::size_t count) {
    std::string out(count, '\0');
    std::size_t done = 0;
    if (sodium_hex2bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                       text.size(), nullptr, &done, nullptr) != 0 ||
        done != count || text.size() != count * 2)
        return std::nullopt;
    return out;
}

std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string_view next_word(std::string_view& line) {
    const auto space = line.find(' ');
    const auto word = line.substr(0, space);
    line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
    return word;
}

void add_field(std::string& out, std::string_view bytes) {
    out += std::to_string(bytes.size());
    out += ':';
    out += bytes;
}

}  // namespace

std::string chain_hash(std::string_view before, const AuditEntry& entry) {
    std::string bytes(before);
    for (const std::int64_t each :
         {entry.id, entry.company_id, entry.unit, entry.at.us, entry.subject})
        add_field(bytes, std::to_string(each));
    for (const std::string* each : {&entry.actor, &entry.verb, &entry.subject_kind, &entry.detail})
        add_field(bytes, *each);
    return sha256(bytes);
}

AuditKey::AuditKey(const std::string& keys_folder) {
    if (sodium_init() < 0) throw Error(Fault::internal, "internal").because("libsodium");
    const std::string path = keys_folder + "/audit.key";
    make_folders(keys_folder);
    if (!std::filesystem::exists(path)) {
        std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
        std::string open_half(crypto_sign_PUBLICKEYBYTES, '\0');
        crypto_sign_keypair(reinterpret_cast<unsigned char*>(open_half.data()),
                            reinterpret_cast<unsigned char*>(secret.data()));
        write_file_durably(path, hex(secret) + "\n");
    }
    std::string text = read_file(path, 1'000);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const auto secret = from_hex(text, crypto_sign_SECRETKEYBYTES);
    if (!secret) throw Error(Fault::internal, "audit.bad_key").because(path);
    secret_ = *secret;
}

std::string AuditKey::signed_part(const AuditHead& head) const {
    std::string part = std::string(head.backup_at ? restore_word : head_word) + " " +
                       std::to_string(head.number) + " " + hex(head.hash) + " " +
                       std::to_string(head.at.us);
    if (head.backup_at) part += " " + std::to_string(head.backup_at->us);
    return part;
}

std::string AuditKey::line(const AuditHead& head) const {
    const std::string part = signed_part(head);
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                         reinterpret_cast<const unsigned char*>(part.data()), part.size(),
                         reinterpret_cast<const unsigned char*>(secret_.data()));
    return part + " " + hex(signature) + "\n";
}

std::optional<AuditHead> AuditKey::read_line(std::string_view line) const {
    const bool restored = next_word(line) == restore_word;
    const auto number = whole(next_word(line));
    const auto hash = from_hex(next_word(line), 32);
    const auto at = whole(next_word(line));
    const auto backup_at = restored ? whole(next_word(line)) : std::nullopt;
    const auto signature = from_hex(next_word(line), crypto_sign_BYTES);
    if (!number || !hash || !at || !signature || !line.empty()) return std::nullopt;
    if (restored && !backup_at) return std::nullopt;
    AuditHead head{*number, *hash, {*at}, std::nullopt};
    if (backup_at) head.backup_at = Instant{*backup_at};
    const std::string part = signed_part(head);
    const auto* public_key = reinterpret_cast<const unsigned char*>(secret_.data()) +
                             crypto_sign_SECRETKEYBYTES - crypto_sign_PUBLICKEYBYTES;
    const int bad = crypto_sign_verify_detached(
        reinterpret_cast<const unsigned char*>(signature->data()),
        reinterpret_cast<const unsigned char*>(part.data()), part.size(), public_key);
    if (bad) return std::nullopt;
    return head;
}

void append_head(const std::string& path, std::string_view line) {
    const bool is_new = !std::filesystem::exists(path);
    const Fd file = open_file(path, O_RDWR | O_CREAT | O_APPEND);
    // A line torn by a crash must not spoil the next one.
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) throw_errno("stat " + path);
    char last = '\n';
    if (info.st_size > 0) read_at(file.get(), info.st_size - 1, {&last, 1});
    if (last != '\n') write_all(file.get(), "\n");
    write_all(file.get(), line);
    durable(file.get(), path);
    if (is_new) durable_folder(std::filesystem::path(path).parent_path().string());
}

void each_head(const std::string& path, const std::function<void(std::string_view)>& visit) {
    constexpr std::size_t line_bytes_max = 1'000;
    std::ifstream file(path, std::ios::binary);
    for (std::string line; std::getline(file, line);)
        if (!line.empty()) visit(std::string_view(line).substr(0, line_bytes_max));
}

}  // namespace otklik
