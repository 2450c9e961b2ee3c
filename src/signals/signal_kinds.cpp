#include <array>

#include "signals/signals.h"
#include "signals/signals_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

using namespace signals_sql;

constexpr std::array<std::string_view, 7> device_verbs = {
    "device.made",    "device.changed", "device.token", "device.revoked",
    "device.buttons", "device.code",    "device.paired"};
constexpr std::array<std::string_view, 4> signal_verbs = {"signal.undone", "signal.state",
                                                          "signal.scored", "signal.tested"};
constexpr std::array<PersonalColumn, 4> signal_personal = {{
    {"signal", "person_id", "who was on duty when the press came", "keep"},
    {"signal", "state_by", "who sorted the inbox", "keep"},
    {"signal_coding", "coded_by", "who wrote what exactly was said", "keep"},
    {"signal_undo", "undone_by", "who withdrew the press", "keep"},
}};
constexpr std::array<PersonalColumn, 1> device_personal = {{
    {"button_map", "created_by", "who gave the buttons their meaning", "keep"},
}};
const std::array<Kind, 2> table = {{
    {"device", "device", "/settings/devices/{id}", "settings", device_verbs, device_personal,
     &place_by<place_of_device>},
    {"signal", "signal", "/signals/{id}", "work", signal_verbs, signal_personal,
     &place_by<place_of_signal>},
}};

}  // namespace

const std::span<const Kind> signal_kinds = table;

}  // namespace otklik
