# attack: hands in a link to a neighbour's folder as the folder of the lab
# row: B6
# would show: the neighbour's marks
# unconfined: stopped: at intake
# defence: no link is followed on the path
ln -s "$CLASS/a-neighbour/01-socket" 01-socket
