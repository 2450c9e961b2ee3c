#include "tls/certificates.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "tls/openssl_inside.h"

namespace otklik {
namespace {

constexpr std::size_t name_length_max = 253, label_length_max = 63, common_name_max = 64;
constexpr int serial_bits = 127;  // 64 of chance are asked for at least
/// Where a server of a firm's own network may live; other names are written in when it is made.
constexpr std::string_view local_permitted =
    "permitted;DNS:localhost,permitted;DNS:local,permitted;DNS:lan,permitted;DNS:home.arpa,"
    "permitted;DNS:internal,permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:10.0.0.0/255.0.0.0,"
    "permitted;IP:172.16.0.0/255.240.0.0,permitted;IP:192.168.0.0/255.255.0.0,"
    "permitted;IP:100.64.0.0/255.192.0.0,permitted;IP:169.254.0.0/255.255.0.0,"
    "permitted;IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF,"
    "permitted;IP:FC00:0:0:0:0:0:0:0/FE00:0:0:0:0:0:0:0";

bool is_address(const std::string& name, int family) {
    std::array<unsigned char, 16> bytes{};
    return ::inet_pton(family, name.c_str(), bytes.data()) == 1;
}
bool is_address(const std::string& name) {
    return is_address(name, AF_INET) || is_address(name, AF_INET6);
}

KeyPtr make_key() {
    KeyPtr key(EVP_EC_gen("P-256"));
    if (!key) throw_openssl("EVP_EC_gen");
    return key;
}

std::string key_text(EVP_PKEY* key) {
    const BioPtr bio(BIO_new(BIO_s_secmem()));  // wiped when it goes
    if (!bio ||
        !PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr))
        throw_openssl("PEM_write_bio_PKCS8PrivateKey");
    return text_of(bio.get());
}

std::string certificate_text(X509* certificate) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    if (!bio || !PEM_write_bio_X509(bio.get(), certificate)) throw_openssl("PEM_write_bio_X509");
    return text_of(bio.get());
}

/// Without a password: an encrypted key must not stop a service at a prompt.
KeyPtr read_key(std::string_view pem) {
    ERR_clear_error();
    const auto refuse = [](char*, int, int, void* asked) {
        *static_cast<bool*>(asked) = true;
        return -1;
    };
    bool asked = false;
    KeyPtr key(PEM_read_bio_PrivateKey(memory_bio(pem).get(), nullptr, refuse, &asked));
    if (key) return key;
    if (asked) throw Error(Fault::invalid, "tls.key_password");
    throw Error(Fault::invalid, "tls.no_key").because(openssl_words());
}

std::vector<X509Ptr> read_chain(std::string_view pem) {
    ERR_clear_error();
    std::vector<X509Ptr> chain;
    const BioPtr bio = memory_bio(pem);
    while (X509* each = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
        chain.emplace_back(each);
    if (chain.empty()) throw Error(Fault::invalid, "tls.no_certificate").because(openssl_words());
    ERR_clear_error();  // the end of the text is an error to OpenSSL
    return chain;
}

Instant instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (!ASN1_TIME_to_tm(time, &parts)) throw_openssl("ASN1_TIME_to_tm");
    return Instant{} + Duration::seconds(::timegm(&parts));
}

struct Wish {
    std::string_view common_name;
    Instant from, until;
};

X509Ptr make_bare(const Wish& wish, EVP_PKEY* key) {
    X509Ptr made(X509_new());
    if (!made) throw_openssl("X509_new");
    X509_set_version(made.get(), X509_VERSION_3);
    const std::unique_ptr<BIGNUM, FreeBy<&BN_free>> serial(BN_new());
    X509_NAME* name = X509_get_subject_name(made.get());
    const std::string title(wish.common_name.substr(0, common_name_max));
    const auto text = [](const std::string& from) {
        return reinterpret_cast<const unsigned char*>(from.c_str());
    };
    constexpr std::int64_t us = 1'000'000;
    const bool fine =
        serial && BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
        BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(made.get())) &&
        ASN1_TIME_set(X509_getm_notBefore(made.get()), wish.from.us / us) &&
        ASN1_TIME_set(X509_getm_notAfter(made.get()), wish.until.us / us) &&
        X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, text("Otklik"), -1, -1, 0) &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text(title), -1, -1, 0) &&
        X509_set_pubkey(made.get(), key);
    if (!fine) throw_openssl("certificate");
    return made;
}

void extend(X509* made, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, made, nullptr, nullptr, 0);
    X509V3_set_ctx_nodb(&context);
    const std::unique_ptr<X509_EXTENSION, FreeBy<&X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    if (!extension || !X509_add_ext(made, extension.get(), -1)) throw_openssl("extension " + value);
}

void sign(X509* made, EVP_PKEY* key) {
    if (!X509_sign(made, key, EVP_sha256())) throw_openssl("X509_sign");
}

std::string alternative(const std::string& name) {
    return (is_address(name) ? "IP:" : "DNS:") + name;
}

/// A network of one address, as nameConstraints write it.
std::string permitted(const std::string& name) {
    if (is_address(name, AF_INET)) return "permitted;IP:" + name + "/255.255.255.255";
    if (!is_address(name)) return "permitted;DNS:" + name;
    return "permitted;IP:" + name + "/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF";
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
    std::array<char, INET6_ADDRSTRLEN> space{};
    const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
    ::inet_ntop(family, ASN1_STRING_get0_data(bytes), space.data(), space.size());
    return space.data();
}

std::vector<std::string> names_of(X509* certificate) {
    std::vector<std::string> names;
    const std::unique_ptr<GENERAL_NAMES, FreeBy<&GENERAL_NAMES_free>> all(
        static_cast<GENERAL_NAMES*>(
            X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        const GENERAL_NAME* each = sk_GENERAL_NAME_value(all.get(), i);
        if (each->type == GEN_DNS)
            names.emplace_back(
                reinterpret_cast<const char*>(ASN1_STRING_get0_data(each->d.dNSName)),
                static_cast<std::size_t>(ASN1_STRING_length(each->d.dNSName)));
        else if (each->type == GEN_IPADD)
            names.push_back(address_text(each->d.iPAddress));
    }
    return names;
}

}  // namespace

bool is_certificate_name(std::string_view name) {
    if (is_address(std::string(name))) return true;
    if (name.empty() || name.size() > name_length_max) return false;
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        const bool fine = !label.empty() && label.size() <= label_length_max &&
                          label.front() != '-' && label.back() != '-' &&
                          std::all_of(label.begin(), label.end(), [](char c) {
                              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                     (c >= '0' && c <= '9') || c == '-';
                          });
        if (!fine) return false;
        if (label.size() == name.size()) return true;
        name.remove_prefix(label.size() + 1);
    }
    return false;  // a dot at the end
}

CertificateFacts read_certificate(std::string_view pem) {
    const X509Ptr certificate = std::move(read_chain(pem).front());
    CertificateFacts facts;
    std::array<char, 256> title{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName,
                              title.data(), title.size());
    facts.subject = title.data();
    facts.not_before = instant_of(X509_get0_notBefore(certificate.get()));
    facts.not_after = instant_of(X509_get0_notAfter(certificate.get()));
    facts.names = names_of(certificate.get());
    unsigned char* bytes = nullptr;
    const int length = i2d_X509(certificate.get(), &bytes);
    if (length <= 0) throw_openssl("i2d_X509");
    facts.der.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    facts.sha256 = sha256(facts.der);
    return facts;
}

KeyAndChain make_authority(std::string_view title, const std::vector<std::string>& names,
                           Instant now) {
    const KeyPtr key = make_key();
    const X509Ptr made =
        make_bare({title, now - backdated, now - backdated + authority_life}, key.get());
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    std::string limits = "critical," + std::string(local_permitted);
    for (const std::string& name : names)
        if (is_certificate_name(name)) limits += "," + permitted(name);
    extend(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(made.get(), made.get(), NID_subject_key_identifier, "hash");
    extend(made.get(), made.get(), NID_name_constraints, limits);
    sign(made.get(), key.get());
    return {key_text(key.get()), certificate_text(made.get())};
}

bool authority_permits(std::string_view authority_pem, const std::string& name) {
    if (!is_certificate_name(name)) return false;
    const X509Ptr authority = std::move(read_chain(authority_pem).front());
    const std::unique_ptr<NAME_CONSTRAINTS, FreeBy<&NAME_CONSTRAINTS_free>> limits(
        static_cast<NAME_CONSTRAINTS*>(
            X509_get_ext_d2i(authority.get(), NID_name_constraints, nullptr, nullptr)));
    if (!limits) return true;
    // OpenSSL's own judgement, over a certificate of nothing but this name. It looks at what it has
    // cached of the extensions, which X509_check_purpose makes it do.
    const KeyPtr key = make_key();
    const X509Ptr trial = make_bare({name, Instant{}, Instant{} + server_life}, key.get());
    extend(trial.get(), trial.get(), NID_subject_alt_name, alternative(name));
    sign(trial.get(), key.get());
    X509_check_purpose(trial.get(), -1, 0);
    return NAME_CONSTRAINTS_check(trial.get(), limits.get()) == X509_V_OK;
}

KeyAndChain make_server_certificate(const KeyAndChain& authority,
                                    const std::vector<std::string>& names, Instant now) {
    if (names.empty()) throw Error(Fault::invalid, "tls.no_names");
    const X509Ptr issuer = std::move(read_chain(authority.chain).front());
    const KeyPtr issuer_key = read_key(authority.key);
    const KeyPtr key = make_key();
    const Instant from = now - backdated;
    const Instant until =
        std::min(from + server_life, instant_of(X509_get0_notAfter(issuer.get())));
    const X509Ptr made = make_bare({names.front(), from, until}, key.get());
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ",") + alternative(name);
    extend(made.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(made.get(), issuer.get(), NID_key_usage, "critical,digitalSignature");
    extend(made.get(), issuer.get(), NID_ext_key_usage, "serverAuth");
    extend(made.get(), issuer.get(), NID_subject_key_identifier, "hash");
    extend(made.get(), issuer.get(), NID_authority_key_identifier, "keyid:always");
    extend(made.get(), issuer.get(), NID_subject_alt_name, all);
    sign(made.get(), issuer_key.get());
    return {key_text(key.get()), certificate_text(made.get())};
}

bool is_signed_by(std::string_view certificate_pem, std::string_view authority_pem) {
    const X509Ptr certificate = std::move(read_chain(certificate_pem).front());
    const X509Ptr authority = std::move(read_chain(authority_pem).front());
    const bool good = X509_check_issued(authority.get(), certificate.get()) == X509_V_OK &&
                      X509_verify(certificate.get(), X509_get0_pubkey(authority.get())) == 1;
    ERR_clear_error();
    return good;
}

void check_own_files(const KeyAndChain& files, Instant now) {
    const std::vector<X509Ptr> chain = read_chain(files.chain);
    const KeyPtr key = read_key(files.key);
    const auto fits = [&](const X509Ptr& each) {
        return EVP_PKEY_eq(X509_get0_pubkey(each.get()), key.get()) == 1;
    };
    if (!fits(chain.front())) {
        const bool later = std::any_of(chain.begin() + 1, chain.end(), fits);
        ERR_clear_error();
        throw Error(Fault::invalid, later ? "tls.order" : "tls.wrong_key");
    }
    for (std::size_t i = 1; i < chain.size(); ++i)
        if (X509_check_issued(chain[i].get(), chain[i - 1].get()) != X509_V_OK)
            throw Error(Fault::invalid, "tls.order");
    X509* own = chain.front().get();
    const Instant from = instant_of(X509_get0_notBefore(own)),
                  until = instant_of(X509_get0_notAfter(own));
    if (now >= until) throw Error(Fault::invalid, "tls.expired", {{"at", format_instant(until)}});
    if (now < from) throw Error(Fault::invalid, "tls.early", {{"at", format_instant(from)}});
    if (X509_check_purpose(own, X509_PURPOSE_SSL_SERVER, 0) != 1)
        throw Error(Fault::invalid, "tls.purpose");
}

}  // namespace otklik
