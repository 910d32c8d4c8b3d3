"""The calls of the last hours as a picture: how many in each ten minutes, and about what. Drawn by plotext."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget

from desk.i18n import _
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen

if TYPE_CHECKING:
    from textual_plotext import PlotextPlot

    from desk.shift import View

LABELS = 6  # hours written below the picture


class CallsPictureScreen(DeskSubscreen[None]):
    """One picture; the library that draws it is loaded when it is first looked at."""

    PLACE = "calls_picture"

    def title_words(self) -> str:
        return _("Calls in each ten minutes")

    def body(self) -> Iterable[Widget]:
        from textual_plotext import PlotextPlot  # 40 ms, and only who looks at a picture needs it

        self.plot: PlotextPlot = PlotextPlot(id="calls-plot")
        yield self.plot

    def opened(self) -> None:
        self.app.go(self._read)

    def input_context(self) -> InputContext:
        return InputContext(where=self.PLACE)

    async def _read(self) -> None:
        view = await self.app.work.look(self.app.desk.shift.view)
        self._draw(view)

    def _draw(self, view: View) -> None:
        plot = self.plot.plt
        plot.clear_figure()
        hours = [at.strftime("%H:%M") for at, _count in view.per_step]
        counts = [count for _at, count in view.per_step]
        places = [float(place) for place in range(len(hours))]
        plot.bar(places, counts, width=0.8)
        step = max(len(hours) // LABELS, 1)
        plot.xticks(places[::step], hours[::step])
        plot.title(_("{count} calls").format(count=view.calls))
        self.plot.refresh()

    def list_close(self) -> None:
        """The key that opened it closes it."""
        self.app.desk_back()
