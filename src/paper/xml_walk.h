#pragma once
// XML as it comes, piece by piece, by Expat: bounded in depth and in what may stay unread. A
// document type (and with it every entity of its own, inner or outer) is refused, nothing is ever
// fetched. Private to paper. Thread: an object belongs to one thread.
#include <memory>
#include <string>
#include <string_view>

namespace otklik {

/// Attributes of one element; names without prefix.
class XmlAttributes {
public:
    explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
    /// Empty when absent.
    std::string_view operator[](std::string_view name) const;

private:
    const char** pairs_;
};

/// What a reader does with the elements; names without prefix. May throw.
class XmlReader {
public:
    virtual ~XmlReader() = default;
    virtual void on_begin(std::string_view name, const XmlAttributes& attributes) = 0;
    virtual void on_end(std::string_view name) = 0;
    virtual void on_text(std::string_view text) = 0;
};

class XmlWalk {
public:
    explicit XmlWalk(XmlReader& reader);
    ~XmlWalk();
    /// Error{invalid, "sheet.xml" | "sheet.doctype"}, and what the reader throws.
    void feed(std::string_view piece);
    void finish();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
