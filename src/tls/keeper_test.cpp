#include "tls/keeper.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"
#include "tls/fingerprint.h"

namespace otklik {
namespace {

constexpr Instant today{1'795'000'000'000'000};  // 2026-11-18
constexpr Duration day = Duration::hours(24);

class TlsKeeping : public ::testing::Test {
protected:
    TlsKeeping() {
        std::string name = (std::filesystem::temp_directory_path() / "otklik-tls-XXXXXX").string();
        folder = ::mkdtemp(name.data());
    }
    ~TlsKeeping() override { std::filesystem::remove_all(folder); }
    TlsKeeper keep(std::vector<std::string> more = {}) {
        return TlsKeeper({.folder = folder + "/tls", .more_names = std::move(more)}, clock,
                         [this] { return here; });
    }
    TlsKeeper keep_files() {
        return TlsKeeper({.certificate_file = folder + "/c.crt", .key_file = folder + "/c.key"},
                         clock);
    }
    void write(const std::string& chain, const std::string& key) {
        write_file_durably(folder + "/c.crt", chain);
        write_file_durably(folder + "/c.key", key);
    }
    std::string refusal(const std::function<void()>& act) {
        try {
            act();
        } catch (const Error& error) {
            EXPECT_EQ(error.fault(), Fault::invalid);
            return error.code();
        }
        return "none";
    }

    HandClock clock{today};
    LocalNames here{"shop-pc", {"192.168.1.5", "fd00::5"}};
    std::string folder;
};

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

TEST_F(TlsKeeping, the_first_run_makes_an_authority_and_a_certificate_for_all_names) {
    const TlsKeeper keeper = keep({"otklik.firma.example"});
    const CertificateFacts facts = keeper.certificate();
    for (const char* name : {"otklik.firma.example", "shop-pc", "shop-pc.local", "192.168.1.5",
                             "fd00::5", "localhost", "127.0.0.1", "::1"})
        EXPECT_TRUE(has(facts.names, name)) << name;
    EXPECT_LE(facts.not_after - facts.not_before, day * 398);
    EXPECT_LE(facts.not_before, today - day);
    EXPECT_GT(keeper.authority().not_after - today, day * 3600);
    EXPECT_EQ(keeper.best_name(), "192.168.1.5");
    for (const char* name : {"authority.key", "authority.crt", "server.key", "server.crt"}) {
        struct stat info {};
        ASSERT_EQ(::stat((folder + "/tls/" + name).c_str(), &info), 0) << name;
        EXPECT_EQ(info.st_mode & 0777, 0600U) << name;
    }
    struct stat info {};
    ASSERT_EQ(::stat((folder + "/tls").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700U);
}

TEST_F(TlsKeeping, the_certificate_is_renewed_before_its_end_and_the_authority_stays) {
    TlsKeeper keeper = keep();
    const CertificateFacts first = keeper.certificate();
    const std::string authority = keeper.authority().sha256;
    clock.set(first.not_after - renewed_before - day);
    EXPECT_FALSE(keeper.look());
    clock.advance(day * 2);
    EXPECT_TRUE(keeper.look());
    const CertificateFacts second = keeper.certificate();
    EXPECT_NE(second.sha256, first.sha256);
    EXPECT_GT(second.not_after - clock.now(), day * 300);
    EXPECT_FALSE(keeper.look());
    TlsKeeper again = keep();  // a restart finds both
    EXPECT_EQ(again.certificate().sha256, second.sha256);
    EXPECT_EQ(again.authority().sha256, authority);
}

TEST_F(TlsKeeping, a_new_address_makes_a_new_certificate_and_one_that_went_does_not) {
    TlsKeeper keeper = keep();
    const std::string first = keeper.certificate().sha256;
    here.addresses = {"10.1.2.3"};
    EXPECT_TRUE(keeper.look());
    EXPECT_TRUE(has(keeper.certificate().names, "10.1.2.3"));
    here.addresses = {};
    EXPECT_FALSE(keeper.look());
    EXPECT_NE(keeper.certificate().sha256, first);
}

TEST_F(TlsKeeping, the_authority_signs_only_names_of_the_house) {
    TlsKeeper keeper = keep({"otklik.firma.example"});
    const std::string pem = read_file(folder + "/tls/authority.crt", 1 << 20);
    for (const char* name : {"a.local", "shop-pc", "10.9.8.7", "192.168.77.1", "172.31.0.1",
                             "fd12::1", "otklik.firma.example", "x.otklik.firma.example"})
        EXPECT_TRUE(authority_permits(pem, name)) << name;
    for (const char* name : {"bank.example", "firma.example", "8.8.8.8", "172.32.0.1",
                             "2001:db8::1", "mylocal", "shop-pc.evil.example", "a,DNS:b", ""})
        EXPECT_FALSE(authority_permits(pem, name)) << name;
    // Its own names that lie outside are left out; one that was asked for is refused in words.
    here.addresses = {"203.0.113.9", "192.168.1.5"};
    EXPECT_FALSE(keeper.look());
    EXPECT_FALSE(has(keeper.certificate().names, "203.0.113.9"));
    EXPECT_EQ(refusal([&] { keep({"bank.example"}); }), "tls.name_outside");
    EXPECT_EQ(refusal([&] { keep({"a_b"}); }), "tls.name");
}

TEST_F(TlsKeeping, torn_files_of_the_certificate_are_made_anew_and_the_authority_never) {
    { keep(); }
    write_file_durably(folder + "/tls/server.crt", "torn");
    const TlsKeeper keeper = keep();
    EXPECT_TRUE(has(keeper.certificate().names, "shop-pc"));
    write_file_durably(folder + "/tls/authority.key", "torn");
    write_file_durably(folder + "/tls/server.crt", "torn");
    EXPECT_EQ(refusal([&] { keep(); }), "tls.no_key");
    write_file_durably(folder + "/tls/authority.crt", "torn");
    EXPECT_EQ(refusal([&] { keep(); }), "tls.no_certificate");
}

TEST_F(TlsKeeping, a_clock_that_was_never_set_makes_no_authority) {
    clock.set(Instant{});
    EXPECT_EQ(refusal([&] { keep(); }), "tls.clock");
    EXPECT_FALSE(std::filesystem::exists(folder + "/tls/authority.crt"));
}

TEST_F(TlsKeeping, own_files_are_refused_in_words) {
    const KeyAndChain root = make_authority("test", {}, today);
    const KeyAndChain own = make_server_certificate(root, {"a.local"}, today);
    const KeyAndChain other = make_server_certificate(root, {"b.local"}, today);
    const auto with = [&](const std::string& chain, const std::string& key) {
        write(chain, key);
        return refusal([&] { keep_files(); });
    };
    EXPECT_EQ(refusal([&] { keep_files(); }), "tls.file");
    EXPECT_EQ(with(own.chain + root.chain, own.key), "none");
    EXPECT_EQ(with(own.chain, other.key), "tls.wrong_key");
    EXPECT_EQ(with(root.chain + own.chain, own.key), "tls.order");
    EXPECT_EQ(with(own.chain + other.chain, own.key), "tls.order");
    EXPECT_EQ(with(own.key, own.chain), "tls.no_certificate");
    EXPECT_EQ(with(own.chain, "nonsense"), "tls.no_key");
    EXPECT_EQ(with("", ""), "tls.no_certificate");
    clock.set(today + server_life);
    EXPECT_EQ(with(own.chain, own.key), "tls.expired");
    clock.set(today - day * 3);
    EXPECT_EQ(with(own.chain, own.key), "tls.early");
}

TEST_F(TlsKeeping, own_files_are_read_again_and_a_bad_one_leaves_the_former_in_force) {
    const KeyAndChain root = make_authority("test", {}, today);
    const KeyAndChain first = make_server_certificate(root, {"a.local"}, today);
    const KeyAndChain second = make_server_certificate(root, {"b.local"}, today);
    write(first.chain, first.key);
    TlsKeeper keeper = keep_files();
    EXPECT_FALSE(keeper.look());
    write(second.chain, first.key);  // half of the change
    EXPECT_FALSE(keeper.look());
    EXPECT_TRUE(has(keeper.certificate().names, "a.local"));
    write(second.chain, second.key);
    EXPECT_TRUE(keeper.look());
    EXPECT_TRUE(has(keeper.certificate().names, "b.local"));
}

TEST(Fingerprint, words_follow_the_bits_and_sound_alike_in_both_alphabets) {
    const std::string hash("\x00\x01\xff\xff\x12\x34\x00\x00\x00\x00\x00\x00\x00\x00\x80\x00", 16);
    EXPECT_EQ(fingerprint_in_words(hash), "babad jujuj dapuk babab babab babab babab pabab");
    EXPECT_EQ(fingerprint_hex(hash.substr(0, 3)), "00:01:FF");
    const std::string digits = "0123456789abcdefwxyz";
    EXPECT_EQ(fingerprint_in_words(hash, digits).substr(0, 11), "0w0w1 fzfzf");
}

}  // namespace
}  // namespace otklik
