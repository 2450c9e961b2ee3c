#include "signals/signal_words.h"

#include <algorithm>
#include <set>

#include "base/words.h"
#include "signals/signals_sql.h"
#include "sites/duties.h"

namespace otklik {
namespace {

constexpr std::size_t word_bytes_max = 60;  // longer ones are found by their beginning
constexpr std::size_t words_max = 40;       // of one text
constexpr int words_met_max = 64;           // that begin as asked, per unit

std::string_view cut_word(std::string_view word) {
    while (word.size() > word_bytes_max) {
        std::size_t end = word_bytes_max;
        while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) --end;
        word = word.substr(0, end);
    }
    return word;
}

struct Met {
    Instant at;
    Id<Signal> id;
};

void add_met(std::vector<Met>& all, const std::vector<Row>& rows) {
    for (const Row& row : rows) all.push_back({row.instant(0), row.id<Signal>(1)});
}

/// Newest first, each once.
std::vector<Id<Signal>> newest(std::vector<Met> all, int count_max) {
    std::sort(all.begin(), all.end(), [](const Met& a, const Met& b) {
        return std::pair(b.at, b.id.value) < std::pair(a.at, a.id.value);
    });
    std::vector<Id<Signal>> ids;
    std::set<std::int64_t> seen;
    for (const Met& each : all)
        if (static_cast<int>(ids.size()) < count_max && seen.insert(each.id.value).second)
            ids.push_back(each.id);
    return ids;
}

}  // namespace

void write_signal_words(Tx& tx, const Signal& signal, std::string_view text) {
    tx.run(signals_sql::forget_words, {{"signal", signal.id}});
    std::set<std::string, std::less<>> words;
    for (const std::string& word : fold_words(text))
        if (words.size() < words_max) words.emplace(cut_word(word));
    for (const std::string& word : words)
        tx.run(signals_sql::add_word, {{"unit", signal.unit},
                                       {"word", Bytes{word}},
                                       {"at", signal.pressed_at},
                                       {"signal", signal.id}});
}

int write_missing_words(Store& store) {
    const bool lacks =
        store.read([](Tx& tx) { return tx.row(signals_sql::oldest_without_words).has_value(); });
    int written = 0;
    for (std::int64_t before = lacks ? INT64_MAX : 0; before > 0;) {
        const auto slice = store.write(
            [&](Tx& tx) {
                auto rows = tx.rows(signals_sql::signals_without_words, {{"before_id", before}});
                for (const Row& row : rows) {
                    Signal signal;
                    signal.id = row.id<Signal>(0);
                    signal.unit = row.id<Unit>(1);
                    signal.pressed_at = row.instant(2);
                    write_signal_words(tx, signal, row.text(3));
                }
                return rows;
            },
            Lane::low);
        written += static_cast<int>(slice.size());
        before = slice.empty() ? 0 : slice.back().integer(0);
    }
    return written;
}

std::vector<Id<Signal>> signals_by_word(const Scope& scope, Tx& tx, std::string_view beginning,
                                        int count_max) {
    std::vector<Met> all;
    const std::string wanted(cut_word(beginning));
    if (wanted.empty()) return {};
    for (const std::int64_t unit : scope.granted()) {
        std::string from = wanted;
        for (int met = 0; met < words_met_max; ++met) {
            const auto row =
                tx.row(signals_sql::next_word, {{"unit", unit}, {"word", Bytes{from}}});
            if (!row) break;
            const std::string word = row->blob(0);
            if (!word.starts_with(wanted)) break;
            add_met(all,
                    tx.rows(signals_sql::signals_of_word, {{"unit", unit}, {"word", Bytes{word}}}));
            from = word + std::string(1, '\0');  // the next in the order of bytes
        }
    }
    return newest(std::move(all), count_max);
}

std::vector<Id<Signal>> signals_by_person(const Scope& scope, Tx& tx, Id<Person> person,
                                          int count_max) {
    std::vector<Met> all;
    for (const Duty& duty : duties_of_person(scope, tx, person)) {
        if (static_cast<int>(all.size()) >= count_max) break;
        add_met(all,
                tx.rows(signals_sql::signals_of_person, {{"point", duty.point_id},
                                                         {"begin", duty.begin_at},
                                                         {"end", duty.end_at.value_or(tx.now())},
                                                         {"person", person},
                                                         {"count", count_max}}));
    }
    return newest(std::move(all), count_max);
}

}  // namespace otklik
