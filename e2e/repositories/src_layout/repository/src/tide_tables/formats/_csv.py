import csv
import io


class Csv:
    suffix = ".csv"

    def render(self, rows):
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        return out.getvalue()
