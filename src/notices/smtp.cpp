#include "notices/smtp.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "base/text.h"

namespace otklik {
namespace {

constexpr std::size_t words_bytes_max = 500;
constexpr int permanent_from = 500;

struct FreeCurl {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// One talk with a server: what was asked last, what it answered last.
struct Talk {
    enum class Step { connect, hello, tls, login, sender, recipient, body } step = Step::connect;
    std::string words;  // of its last answer, all lines
    bool goes_on = false;
    bool is_over = false;   // QUIT was said: what is answered to it tells nothing
    std::string_view rest;  // of the letter
};

/// Printable UTF-8 alone: whatever a server says is shown on a page.
std::string shown(std::string_view text) {
    std::string out;
    while (!text.empty() && out.size() < words_bytes_max) {
        const std::size_t length = utf8_length(text);
        const auto first = static_cast<unsigned char>(text.front());
        if (length == 0 || (length == 1 && (first < 0x20 || first == 0x7F)))
            out += ' ';
        else
            out += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return std::string(trim(out));
}

/// A line of an answer: "250-SIZE", the last one with a space for the dash.
void hear(Talk& talk, std::string_view line) {
    if (talk.is_over) return;
    if (!talk.goes_on) talk.words.clear();
    talk.goes_on = line.size() > 3 && line[3] == '-';
    if (talk.words.size() < words_bytes_max) talk.words += std::string(trim(line)) + ' ';
}

/// Commands tell how far we are. What stands behind AUTH is a secret and is not looked at.
void say(Talk& talk, std::string_view line) {
    using Step = Talk::Step;
    constexpr std::array<std::pair<std::string_view, Step>, 7> commands{{
        {"EHLO", Step::hello},
        {"HELO", Step::hello},
        {"STARTTLS", Step::tls},
        {"AUTH", Step::login},
        {"MAIL FROM", Step::sender},
        {"RCPT TO", Step::recipient},
        {"DATA", Step::body},
    }};
    talk.is_over = line.starts_with("QUIT");
    for (const auto& [word, step] : commands)
        if (line.starts_with(word)) talk.step = step;
}

int listen(CURL*, curl_infotype type, char* data, std::size_t size, void* given) {
    auto& talk = *static_cast<Talk*>(given);
    if (type == CURLINFO_HEADER_IN) hear(talk, {data, size});
    if (type == CURLINFO_HEADER_OUT) say(talk, {data, size});
    return 0;
}

std::size_t give(char* out, std::size_t size, std::size_t count, void* given) {
    auto& talk = *static_cast<Talk*>(given);
    const std::size_t n = std::min(size * count, talk.rest.size());
    std::memcpy(out, talk.rest.data(), n);
    talk.rest.remove_prefix(n);
    return n;
}

int is_stopped(void* given, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::stop_token*>(given)->stop_requested() ? 1 : 0;
}

MailAnswer answer_of(CURLcode code, long reply, const Talk& talk, const char* library_words) {
    using Step = Talk::Step;
    const bool spoke = reply >= 400 && !talk.words.empty();
    MailAnswer answer{MailOutcome::trouble, "broken",
                      shown(spoke ? std::string_view(talk.words) : library_words)};
    const auto be = [&](MailOutcome outcome, std::string_view word) {
        answer.outcome = outcome;
        answer.code = word;
        return answer;
    };
    const bool for_good = reply >= permanent_from;
    switch (code) {
        case CURLE_OK:
            answer.words = shown(talk.words);
            return be(MailOutcome::sent, "sent");
        case CURLE_COULDNT_RESOLVE_HOST:
            return be(MailOutcome::trouble, "no_host");
        case CURLE_COULDNT_CONNECT:
            return be(MailOutcome::trouble, "no_connection");
        case CURLE_LOGIN_DENIED:
            return be(MailOutcome::trouble, "login");
        case CURLE_USE_SSL_FAILED:
            return be(MailOutcome::trouble, "no_starttls");
        case CURLE_PEER_FAILED_VERIFICATION:
            return be(MailOutcome::trouble, "certificate");
        case CURLE_SSL_CONNECT_ERROR:
            return be(MailOutcome::trouble, "tls");
        case CURLE_SSL_CACERT_BADFILE:
            return be(MailOutcome::trouble, "authority");
        case CURLE_ABORTED_BY_CALLBACK:
            if (talk.step == Step::body) return be(MailOutcome::unknown, "no_answer");
            return be(MailOutcome::later, "stopped");
        case CURLE_OPERATION_TIMEDOUT:
            if (talk.step == Step::body) return be(MailOutcome::unknown, "no_answer");
            return be(MailOutcome::trouble, "slow");
        default:
            break;
    }
    if (spoke && talk.step == Step::recipient)
        return be(for_good ? MailOutcome::refused : MailOutcome::later,
                  for_good ? "recipient" : "later");
    if (spoke && talk.step == Step::sender) return be(MailOutcome::trouble, "sender");
    if (spoke && talk.step == Step::body)
        return be(for_good ? MailOutcome::refused : MailOutcome::later,
                  for_good ? "content" : "later");
    if (spoke && talk.step == Step::login) return be(MailOutcome::trouble, "login");
    if (talk.step == Step::body) return be(MailOutcome::unknown, "no_answer");
    return answer;
}

void set_server(CURL* curl, const SmtpServer& server) {
    const std::string host =
        server.host.find(':') != std::string::npos ? "[" + server.host + "]" : server.host;
    const auto at = server.from_address.rfind('@');
    const std::string hello =
        at == std::string::npos ? "otklik" : server.from_address.substr(at + 1);
    const std::string url = std::string(server.tls == MailTls::implicit ? "smtps" : "smtp") +
                            "://" + host + ":" + std::to_string(server.port) + "/" +
                            percent_encode(hello);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");  // what the environment names is for others
    if (server.tls != MailTls::none)
        curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!server.authority.empty()) {
        // The library copies it; its type has no const.
        curl_blob authority{const_cast<char*>(server.authority.data()), server.authority.size(),
                            CURL_BLOB_COPY};
        curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &authority);
    }
    if (!server.login.empty()) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, server.login.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
    }
}

}  // namespace

bool is_this_computer(std::string_view host) {
    return same_ascii(host, "localhost") || host == "::1" ||
           (host.starts_with("127.") &&
            host.find_first_not_of("0123456789.") == std::string_view::npos);
}

MailAnswer send_mail(const SmtpServer& server, const std::string& to, const std::string& letter,
                     MailPatience patience) {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, FreeCurl> curl(once == CURLE_OK ? curl_easy_init() : nullptr);
    const std::unique_ptr<curl_slist, FreeCurl> rcpt(
        curl_slist_append(nullptr, ("<" + to + ">").c_str()));
    if (!curl || !rcpt) return {MailOutcome::trouble, "broken", "libcurl"};
    if (server.tls == MailTls::none && !is_this_computer(server.host))
        return {MailOutcome::trouble, "plain", {}};
    Talk talk;
    talk.rest = letter;
    std::array<char, CURL_ERROR_SIZE> library_words{};
    set_server(curl.get(), server);
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, ("<" + server.from_address + ">").c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, rcpt.get());
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &give);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &talk);
    curl_easy_setopt(curl.get(), CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_DEBUGFUNCTION, &listen);
    curl_easy_setopt(curl.get(), CURLOPT_DEBUGDATA, &talk);
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, library_words.data());
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &is_stopped);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &patience.stop);
    curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(patience.connect.us / 1'000));
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(patience.whole.us / 1'000));
    // The end of the text is waited for by this limit alone; without it for two minutes.
    curl_easy_setopt(curl.get(), CURLOPT_SERVER_RESPONSE_TIMEOUT,
                     static_cast<long>(std::max<std::int64_t>(patience.whole.us / 1'000'000, 1)));
    const CURLcode code = curl_easy_perform(curl.get());
    long reply = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply);
    return answer_of(code, reply, talk, library_words.data());
}

}  // namespace otklik
