#include <array>
#include <chrono>
#include <cstdio>

#include "base/fields.h"
#include "base/json_text.h"

namespace otklik {
namespace {

class Writer : public FieldSink {
public:
    explicit Writer(std::string& out) : out_(out) { out_ += '{'; }
    void finish() { out_ += '}'; }

protected:
    bool reading() const override { return false; }
    bool present(const FieldHead&) override { return true; }
    void on_null(const FieldHead& head) override {
        key(head);
        out_ += "null";
    }
    void on_id(const FieldHead& head, std::int64_t& v, std::string_view prefix) override {
        if (v == 0) return on_null(head);
        key(head);
        append_json_text(out_, id_word(prefix, v));
    }
    void on_text(const FieldHead& head, std::string& v, const TextLimits&) override {
        key(head);
        append_json_text(out_, v);
    }
    void on_integer(const FieldHead& head, std::int64_t& v, const NumberLimits&) override {
        key(head);
        out_ += std::to_string(v);
    }
    void on_number(const FieldHead& head, double& v) override {
        key(head);
        append_json_number(out_, v);
    }
    void on_flag(const FieldHead& head, bool& v) override {
        key(head);
        out_ += v ? "true" : "false";
    }
    void on_instant(const FieldHead& head, Instant& v) override {
        key(head);
        append_json_text(out_, format_instant(v));
    }
    void on_day(const FieldHead& head, std::int64_t& v) override {
        key(head);
        append_json_text(out_, format_day(v));
    }
    void on_choice(const FieldHead& head, std::string& word,
                   const std::vector<std::string_view>&) override {
        key(head);
        append_json_text(out_, word);
    }
    void on_object(const FieldHead& head, std::string_view,
                   const std::function<void(FieldSink&)>& visit) override {
        key(head);
        write_object(visit);
    }
    void on_list(const FieldHead& head, std::string_view, std::size_t count, std::size_t,
                 const std::function<void(std::size_t)>&,
                 const std::function<void(std::size_t, FieldSink&)>& each) override {
        key(head);
        out_ += '[';
        for (std::size_t i = 0; i < count; ++i) {
            if (i > 0) out_ += ',';
            write_object([&](FieldSink& f) { each(i, f); });
        }
        out_ += ']';
    }
    void on_texts(const FieldHead& head, std::vector<std::string>& v, std::size_t,
                  const TextLimits&) override {
        key(head);
        out_ += '[';
        for (std::size_t i = 0; i < v.size(); ++i) {
            if (i > 0) out_ += ',';
            append_json_text(out_, v[i]);
        }
        out_ += ']';
    }
    void on_integers(const FieldHead& head, std::vector<std::int64_t>& v, std::size_t) override {
        key(head);
        out_ += '[';
        for (std::size_t i = 0; i < v.size(); ++i) {
            if (i > 0) out_ += ',';
            out_ += std::to_string(v[i]);
        }
        out_ += ']';
    }
    void on_json(const FieldHead& head, std::string& v, std::size_t) override {
        key(head);
        out_ += v.empty() ? std::string_view("null") : std::string_view(v);
    }

private:
    void write_object(const std::function<void(FieldSink&)>& visit) {
        Writer inner(out_);
        visit(inner);
        inner.finish();
    }
    void key(const FieldHead& head) {
        if (!first_) out_ += ',';
        first_ = false;
        append_json_text(out_, head.name);
        out_ += ':';
    }

    std::string& out_;
    bool first_ = true;
};

}  // namespace

std::string format_day(std::int64_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    std::array<char, 40> line{};
    std::snprintf(line.data(), line.size(), "%04d-%02u-%02u", int(date.year()),
                  unsigned(date.month()), unsigned(date.day()));
    return line.data();
}

std::string write_json(const VisitFields& visit) {
    std::string out;
    Writer writer(out);
    visit(writer);
    writer.finish();
    return out;
}

std::string plain_type_name(std::string_view pretty) {
    std::string name, part;
    std::size_t begin = 0;  // of the template argument we are in
    for (const char c : pretty) {
        const bool letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (letter) {
            part += c;
            continue;
        }
        name += part;
        part.clear();
        if (c == ':') name.resize(begin);  // that was a namespace
        if (c == '<' || c == ',') begin = name.size();
    }
    return name + part;
}

void FieldSink::length_ms(std::string_view name, Duration& v, NumberLimits limits,
                          std::string_view about) {
    std::int64_t ms = v.us / 1'000;
    on_integer({name, about}, ms, limits);
    if (reading()) v = Duration::ms(ms);
}

void FieldSink::length_ms(std::string_view name, std::optional<Duration>& v, NumberLimits limits,
                          std::string_view about) {
    maybe({name, about, true}, v, [&](const FieldHead& head, Duration& x) {
        std::int64_t ms = x.us / 1'000;
        on_integer(head, ms, limits);
        if (reading()) x = Duration::ms(ms);
    });
}

}  // namespace otklik
